/* Small comforts; every page works without this file. No words here: texts come from data- attributes.
   Markup: form[data-autosave=url][data-draft=key], [data-save-state], [data-slot=name], [data-score],
   [data-ctrl-enter], a[data-key-prev], a[data-key-next], [data-count-for=id], [data-reveal=id], button[data-ticks-label="… {n} …"] counting [data-tick],
   form[data-forget-drafts], [data-focus].
   Autosave answers 200 with JSON {status, version?, slots?: {name: text}} or 204; 422 with JSON {status} says what is wrong;
   another 4xx, or being sent to the sign-in page, stops it; 429, 5xx and a cut line are tried again. */
(function () {
  'use strict';
  var PREFIX = 'draft:';
  var WAIT = 1000;
  var LONGEST_WAIT = 30000;
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };

  /* ---- one send per press ---- */
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    if (event.submitter) event.submitter.setAttribute('aria-disabled', 'true');
    setTimeout(function () { release(form); }, 10000);
  });
  function release(form) {
    delete form.dataset.sent;
    all('[aria-disabled]', form).forEach(function (button) { button.removeAttribute('aria-disabled'); });
  }
  window.addEventListener('pageshow', function () { all('form[data-sent]').forEach(release); });

  /* ---- keys ---- */
  document.addEventListener('keydown', function (event) {
    if (event.isComposing || event.keyCode === 229) return;
    var target = event.target;
    if (event.key === 'Enter' && event.ctrlKey && target.form) press(event, target.form.querySelector('[data-ctrl-enter]'));
    else if (event.altKey && event.key === 'ArrowLeft') press(event, document.querySelector('[data-key-prev]'));
    else if (event.altKey && event.key === 'ArrowRight') press(event, document.querySelector('[data-key-next]'));
    else if (target.hasAttribute && target.hasAttribute('data-score') && !event.altKey && !event.ctrlKey && !event.shiftKey) walk(event, target);
  });
  function press(event, control) {
    if (!control) return;
    event.preventDefault();
    control.click();
  }
  function walk(event, box) {
    var step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !box.form) return;
    event.preventDefault();
    var boxes = all('[data-score]', box.form);
    var next = boxes[boxes.indexOf(box) + step];
    if (next) { next.focus(); next.select(); }
  }

  /* ---- copies kept here until the server has the text ---- */
  function keep(key, value) { try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch (error) { /* full or forbidden */ } }
  function kept(key) { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch (error) { return null; } }
  function forget(key) { try { localStorage.removeItem(PREFIX + key); } catch (error) { /* forbidden */ } }
  function forgetAll() {
    try {
      Object.keys(localStorage).forEach(function (name) { if (name.indexOf(PREFIX) === 0) localStorage.removeItem(name); });
    } catch (error) { /* forbidden */ }
  }
  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (control) {
      return control.name && ['hidden', 'password', 'file', 'submit', 'button', 'fieldset'].indexOf(control.type) < 0;
    });
  }
  function snapshot(form) {
    return controls(form).map(function (control) {
      return /^(radio|checkbox)$/.test(control.type) ? [control.name, control.value, control.checked] : [control.name, control.value];
    });
  }
  function putBack(form, values) {
    var list = controls(form);
    var changed = false;
    values.forEach(function (item, index) {
      var control = list[index];
      if (!control || control.name !== item[0]) return;
      if (item.length === 3) {
        if (control.value === item[1] && control.checked !== item[2]) { control.checked = item[2]; changed = true; }
      } else if (control.value !== item[1]) { control.value = item[1]; changed = true; }
    });
    return changed;
  }

  /* ---- autosave ---- */
  function autosave(form) {
    var key = form.dataset.draft;
    var state = form.querySelector('[data-save-state]');
    var versionBox = form.elements.version;
    var timer = null;
    var retryIn = WAIT;
    var busy = false;
    var dirty = false;
    var stopped = false;
    var waiting = null;

    function version() { return versionBox ? versionBox.value : ''; }
    function say(text, failed) {
      if (!state || !text) return;
      if (state.textContent !== text) state.textContent = text;
      state.classList.toggle('save--failed', !!failed);
    }
    function later(wait) { clearTimeout(timer); timer = setTimeout(send, wait); }
    function changed() {
      dirty = true;
      if (key) keep(key, { version: version(), values: snapshot(form) });
      if (!stopped) later(WAIT);
    }
    /* A press during a save waits for it, else it would carry the version of before the save. */
    function hold(event) {
      clearTimeout(timer);
      if (busy) {
        event.preventDefault();
        waiting = event.submitter || form.querySelector('[type=submit]');
      } else if (key && !versionBox) forget(key);
    }
    function goOn() {
      var button = waiting;
      waiting = null;
      if (button) button.click();
      return !!button;
    }
    function again() {
      busy = false;
      if (goOn()) return;
      dirty = true;
      say(state && state.dataset.failed, true);
      retryIn = Math.min(retryIn * 2, LONGEST_WAIT);
      later(retryIn);
    }
    function send(leaving) {
      if (busy || !dirty || stopped || form.dataset.sent) return;
      busy = true;
      dirty = false;
      say(state && state.dataset.saving);
      var body = new FormData(form);
      all('input[type=file]', form).forEach(function (box) { body.delete(box.name); });
      var token = form.elements.csrf_token;
      fetch(form.dataset.autosave, {
        method: 'POST', body: body, credentials: 'same-origin', keepalive: leaving === true, redirect: 'manual',
        headers: { Accept: 'application/json', 'X-CSRFToken': token ? token.value : '', 'X-Autosave': '1' }
      }).then(function (response) {
        if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
        if (response.status === 204) return [response, {}];
        if (response.type === 'opaqueredirect') return [response, { status: state && state.dataset.session }];
        return response.json().then(function (answer) { return [response, answer]; });
      }).then(function (pair) { settle(pair[0], pair[1]); }, again);
    }
    function settle(response, answer) {
      busy = false;
      retryIn = WAIT;
      if (answer.version !== undefined && versionBox) versionBox.value = answer.version;
      if (goOn()) return;
      if (!response.ok) {
        stopped = response.status !== 422;
        dirty = stopped;
        say(answer.status || (state && state.dataset.stopped), true);
        return;
      }
      Object.keys(answer.slots || {}).forEach(function (name) {
        all('[data-slot="' + name + '"]').forEach(function (slot) { slot.textContent = answer.slots[name]; });
      });
      say(answer.status);
      if (dirty) { changed(); } else if (key) forget(key);
    }

    var copy = key && kept(key);
    if (copy) {
      if (copy.version !== version()) forget(key);
      else if (putBack(form, copy.values)) { say(state && state.dataset.restored); changed(); }
      else forget(key);
    }
    form.addEventListener('input', changed);
    form.addEventListener('change', changed);
    form.addEventListener('submit', hold);
    document.addEventListener('visibilitychange', function () { if (document.visibilityState === 'hidden') send(true); });
    window.addEventListener('online', function () { if (dirty) later(0); });
  }

  /* ---- small parts ---- */
  function counter(box) {
    var control = document.getElementById(box.dataset.countFor);
    var most = control && Number(control.dataset.most);
    if (!most) return;
    var timer = null;
    function show() {
      var left = most - control.value.replace(/\r\n/g, '\n').length;
      box.textContent = (left < 0 ? box.dataset.over : box.dataset.left).replace('{n}', Math.abs(left).toLocaleString(document.documentElement.lang));
      box.classList.toggle('field__count--over', left < 0);
    }
    control.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(show, 500); });
    show();
  }
  function reveal(button) {
    var box = document.getElementById(button.dataset.reveal);
    var show = button.textContent;
    button.hidden = false;
    button.addEventListener('click', function () {
      var hidden = box.type === 'password';
      box.type = hidden ? 'text' : 'password';
      button.textContent = hidden ? button.dataset.hide : show;
    });
  }
  function countTicks(button) {
    var form = button.form;
    function show() { button.textContent = button.dataset.ticksLabel.replace('{n}', all('input[type=checkbox][data-tick]:checked', form).length); }
    form.addEventListener('change', show);
    show();
  }

  all('form[data-autosave]').forEach(autosave);
  all('[data-count-for]').forEach(counter);
  all('[data-reveal]').forEach(reveal);
  all('button[data-ticks-label]').forEach(countTicks);
  all('form[data-forget-drafts]').forEach(function (form) { form.addEventListener('submit', forgetAll); });
  var first = document.querySelector('[data-focus]');
  if (first) first.focus();
  all('.nav__link[aria-current]').forEach(function (here) {
    if (here.scrollIntoView) here.scrollIntoView({ block: 'nearest', inline: 'center' });
  });
}());
