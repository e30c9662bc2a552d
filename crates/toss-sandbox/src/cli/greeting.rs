//! What is printed at the start: the lines to paste into a shop.

use toss_sandbox::{API_CLIENT_KEY, API_SECRET_KEY, Sandbox};

/// Everything a shop needs to know, and how it says so in three languages.
pub(crate) fn greeting(sandbox: &Sandbox) -> String {
    let url = sandbox.url();
    let (client_key, secret_key) = (sandbox.client_key(), sandbox.secret_key());
    let control = sandbox.control();
    let webhooks: String = control.registrations().iter().map(|it| format!("\n  webhooks to       {}", it.url)).collect();
    format!(
        "\
Toss sandbox on {url} (Ctrl-C stops it). Paste these:

  in the page       <script src=\"{url}/v2/standard\"></script>
  or, SDK v1        <script src=\"{url}/v1/payment-widget\"></script>
  API base URL      {url}

  widget keys       {client_key}
                    {secret_key}
  API keys          {API_CLIENT_KEY}  (payment window, billing, key-in)
                    {API_SECRET_KEY}{webhooks}

  Node    const toss = (path, body) => fetch(`{url}${{path}}`, {{ method: 'POST', body: JSON.stringify(body), headers: {{
            'Content-Type': 'application/json', Authorization: 'Basic ' + btoa('{secret_key}:') }} }});
  Python  requests.post('{url}/v1/payments/confirm', auth=('{secret_key}', ''), json=body)
  Java    HttpRequest.newBuilder(URI.create(\"{url}/v1/payments/confirm\")).header(\"Content-Type\", \"application/json\")
            .header(\"Authorization\", \"Basic \" + Base64.getEncoder().encodeToString(\"{secret_key}:\".getBytes()))

  inspector         {url}/
"
    )
}
