// Hands the result of the payment window to the shop's page around its frame.
'use strict';
{
  const result = document.getElementById('result');
  const message = result?.dataset.message;
  const origin = result?.dataset.origin;
  if (message && origin) window.parent.postMessage(JSON.parse(message), origin);
}
