# Makes the first merchant, once, and prints its secret key, which is stored nowhere in the clear. The admin secret comes from the vault by the operator's own login.
$ErrorActionPreference = 'Stop'
if ($env:LAVA_BOOTSTRAP -eq 'off' -or $env:LAVA_FIRST_MERCHANT) { exit 0 }
$name = if ($env:LAVA_MERCHANT_NAME) { $env:LAVA_MERCHANT_NAME } else { 'First merchant' }
$base = $env:LAVA_BASE_URL

$pause = if ($env:LAVA_BOOTSTRAP_PAUSE) { [int]$env:LAVA_BOOTSTRAP_PAUSE } else { 10 }
$most = if ($env:LAVA_BOOTSTRAP_TRIES) { [int]$env:LAVA_BOOTSTRAP_TRIES } else { 30 }

for ($tries = $most; ; $tries--) {
  try {
    Invoke-WebRequest "$base/health/ready" -TimeoutSec 30 | Out-Null
    break
  }
  catch {
    if ($tries -le 1) { throw "$base does not become ready: see docs/operations.md. Then run: azd hooks run postdeploy" }
    Start-Sleep -Seconds $pause
  }
}

$secret = az keyvault secret show --vault-name $env:LAVA_KEY_VAULT --name lava-admin-secret --query value --output tsv
if ($LASTEXITCODE -ne 0) { throw 'The admin secret cannot be read.' }
$body = @{ name = $name } | ConvertTo-Json -Compress
for ($tries = $most; ; $tries--) {
  $answer = Invoke-WebRequest "$base/v1/admin/merchants" -Method Post -Headers @{ Authorization = "Bearer $secret" } -ContentType 'application/json' -Body $body -TimeoutSec 60 -SkipHttpErrorCheck
  # An app that looked for the secret before it was made knows it a minute later. Nothing else is tried again: it might make a second merchant.
  if ($answer.StatusCode -ne 401 -or $tries -le 1) { break }
  Start-Sleep -Seconds $pause
}
if ($answer.StatusCode -ne 201) { throw "No merchant was made: $base/v1/admin/merchants answered $($answer.StatusCode)." }

$merchant = $answer.Content | ConvertFrom-Json
azd env set LAVA_FIRST_MERCHANT $merchant.merchant_id
Write-Output @"

  Base URL     $base/v1
  Merchant     $($merchant.merchant_id)
  Wallet       $($merchant.wallet_id)
  Secret key   $($merchant.secret_key)
  Test key     $($merchant.test_secret_key)

The keys are shown this once. Keep them where your servers keep their secrets. The test key is answered by the sandbox and needs no provider.
"@
