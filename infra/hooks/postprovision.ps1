# Makes the admin secret in the vault, once, with the operator's own login (az login). It is random, and neither printed nor put on a command line.
$ErrorActionPreference = 'Stop'
if ($env:LAVA_BOOTSTRAP -eq 'off') { exit 0 }
$secret = 'lava-admin-secret'
$pause = if ($env:LAVA_BOOTSTRAP_PAUSE) { [int]$env:LAVA_BOOTSTRAP_PAUSE } else { 10 }
$most = if ($env:LAVA_BOOTSTRAP_TRIES) { [int]$env:LAVA_BOOTSTRAP_TRIES } else { 30 }

# A role that was given a moment ago takes minutes to be seen.
for ($tries = $most; ; $tries--) {
  $names = az keyvault secret list --vault-name $env:LAVA_KEY_VAULT --query "[?name=='$secret'].name" --output tsv
  if ($LASTEXITCODE -eq 0) { break }
  if ($tries -le 1) {
    throw "The vault $($env:LAVA_KEY_VAULT) cannot be read: is this machine let in, and is 'az login' the same account as 'azd auth login'? Then run: azd hooks run postprovision"
  }
  Start-Sleep -Seconds $pause
}
if ($names) { exit 0 }

$file = [IO.Path]::GetTempFileName()
try {
  $bytes = [Security.Cryptography.RandomNumberGenerator]::GetBytes(32)
  [IO.File]::WriteAllText($file, [Convert]::ToHexString($bytes).ToLowerInvariant())
  az keyvault secret set --vault-name $env:LAVA_KEY_VAULT --name $secret --file $file --encoding utf-8 --output none
  if ($LASTEXITCODE -ne 0) { throw 'The admin secret could not be stored.' }
}
finally { Remove-Item $file }
Write-Output "Made the admin secret ($secret in the vault $($env:LAVA_KEY_VAULT))."
