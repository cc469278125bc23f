/* Speaks to the signing software at the signer's own computer. No words here: texts come from data- attributes.
   [data-signing=url][data-service=wss://…] [data-result=url] lies in the form that is sent once the software has sent the file back. */
(function () {
  'use strict';
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
    }).catch(function () { say(box.dataset.failed); });
  });

  function sign(told) {
    var open = false;
    var socket = new WebSocket(box.dataset.service + '/' + told.service);
    socket.onopen = function () { open = true; socket.send(told.argument); };
    socket.onerror = function () { say(open ? box.dataset.failed : box.dataset.missing); };
    socket.onmessage = function (event) {
      var result = parsed(event.data);
      socket.close();
      if (!result || Number(result.Status) !== 0) { say((result && result.Message) || box.dataset.failed); return; }
      form.elements.token.value = told.token;
      form.action = box.dataset.result;
      form.submit();
    };
  }

  function parsed(text) { try { return JSON.parse(text); } catch (error) { return null; } }
})();
