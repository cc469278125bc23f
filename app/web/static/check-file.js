/* Checks a file where it lies: the browser makes its SHA-256 and asks for that; the file is not sent.
   Markup: form[data-hash-form] with one input[type=file], [data-hash-state data-working], [data-hash-shown].
   Without WebCrypto (old browsers, pages without https) and without this file the form sends the file instead. */
(function () {
  'use strict';
  var form = document.querySelector('[data-hash-form]');
  if (!form || !window.crypto || !window.crypto.subtle || !window.Promise || !Blob.prototype.arrayBuffer) return;
  var box = form.querySelector('input[type=file]');
  var state = form.querySelector('[data-hash-state]');
  form.querySelector('[data-hash-shown]').hidden = false;

  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }
  function check(file) {
    state.textContent = state.dataset.working;
    file.arrayBuffer().then(function (content) {
      return window.crypto.subtle.digest('SHA-256', content);
    }).then(function (digest) {
      window.location.assign(form.action + '?sha256=' + hex(digest));
    }, function () { form.submit(); });
  }
  form.addEventListener('submit', function (event) {
    if (!box.files.length) return;
    event.preventDefault();
    check(box.files[0]);
  });
  form.addEventListener('dragover', function (event) { event.preventDefault(); });
  form.addEventListener('drop', function (event) {
    event.preventDefault();
    if (event.dataTransfer.files.length) check(event.dataTransfer.files[0]);
  });
  window.addEventListener('pageshow', function () { state.textContent = ''; });
}());
