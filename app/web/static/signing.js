/* Speaks to the signing software at the signer's own computer. No words here: texts come from data- attributes.
   [data-signing=url][data-service=wss://…] [data-result=url] lies in the form that is sent once the software has sent the file back. */
(function () {
  'use strict';
  var LONGEST = 300;
  var box = document.querySelector('[data-signing]');
  var button = box && box.querySelector('button[type=button][data-signing-start]');
  if (!button) return;
  var said = box.querySelector('[data-signing-said]');
  var form = button.form;
  button.hidden = false;

  function say(text) {
    said.textContent = text;
    button.disabled = false;
  }

  button.addEventListener('click', function () {
    button.disabled = true;
    said.textContent = box.dataset.waiting;
    fetch(box.dataset.signing, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'X-CSRFToken': box.dataset.csrf, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ sha256: box.dataset.sha256 }).toString()
    }).then(function (answer) {
      return answer.json().then(function (told) {
        if (answer.ok) sign(told); else say(told.message);
      });
    }).catch(function () { say(box.dataset.unreached); });
  });

  /* One question, one answer: whatever ends the talk first is what the person is told. */
  function sign(told) {
    var open = false;
    var over = false;
    var socket = new WebSocket(box.dataset.service + '/' + told.service);
    function end(text) {
      if (over) return;
      over = true;
      socket.close();
      if (text) say(text);
    }
    socket.onopen = function () { open = true; socket.send(told.argument); };
    socket.onclose = function () { end(open ? box.dataset.closed : box.dataset.missing); };
    socket.onmessage = function (event) {
      if (over) return;
      var result = parsed(event.data);
      if (!result || Number(result.Status) !== 0) { end(failure(result)); return; }
      end('');
      form.elements.token.value = told.token;
      form.action = box.dataset.result;
      form.submit();
    };
  }

  function failure(result) {
    var words = result && typeof result.Message === 'string' ? result.Message.slice(0, LONGEST) : '';
    return words ? box.dataset.failed + ' ' + box.dataset.its + ' ' + words : box.dataset.failed;
  }

  function parsed(text) { try { return JSON.parse(text); } catch (error) { return null; } }
})();
