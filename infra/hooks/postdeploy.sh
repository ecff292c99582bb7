#!/bin/sh
# Makes the first merchant, once, and prints its secret key, which is stored nowhere in the clear. The admin secret comes from the vault by the operator's own login
# and goes to curl over its standard input, so that it is on no command line.
set -eu
[ "${LAVA_BOOTSTRAP:-on}" != off ] || exit 0
[ -z "${LAVA_FIRST_MERCHANT:-}" ] || exit 0
name=${LAVA_MERCHANT_NAME:-First merchant}
case $name in
  *[!A-Za-z0-9\ ._-]*)
    echo "LAVA_MERCHANT_NAME may have letters, digits, spaces, dots, hyphens and underscores." >&2
    exit 1
    ;;
esac

pause=${LAVA_BOOTSTRAP_PAUSE:-10}
tries=${LAVA_BOOTSTRAP_TRIES:-30}
until curl -fsS -o /dev/null --max-time 30 "$LAVA_BASE_URL/health/ready"; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "$LAVA_BASE_URL does not become ready: see docs/operations.md. Then run: azd hooks run postdeploy" >&2
    exit 1
  fi
  sleep "$pause"
done

secret=$(az keyvault secret show --vault-name "$LAVA_KEY_VAULT" --name lava-admin-secret --query value --output tsv)
tries=${LAVA_BOOTSTRAP_TRIES:-30}
while :; do
  answer=$(printf 'header = "Authorization: Bearer %s"\n' "$secret" |
    curl -sS --config - --max-time 60 -H 'Content-Type: application/json' -d "{\"name\":\"$name\"}" -w '\n%{http_code}' "$LAVA_BASE_URL/v1/admin/merchants")
  status=$(printf '%s\n' "$answer" | tail -n 1)
  tries=$((tries - 1))
  # An app that looked for the secret before it was made knows it a minute later. Nothing else is tried again: it might make a second merchant.
  if [ "$status" != 401 ] || [ "$tries" -le 0 ]; then break; fi
  sleep "$pause"
done
if [ "$status" != 201 ]; then
  echo "No merchant was made: $LAVA_BASE_URL/v1/admin/merchants answered $status." >&2
  exit 1
fi

field() { printf '%s\n' "$answer" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
azd env set LAVA_FIRST_MERCHANT "$(field merchant_id)"
cat <<TXT

  Base URL     $LAVA_BASE_URL/v1
  Merchant     $(field merchant_id)
  Wallet       $(field wallet_id)
  Secret key   $(field secret_key)
  Test key     $(field test_secret_key)

The keys are shown this once. Keep them where your servers keep their secrets. The test key is answered by the sandbox and needs no provider.
TXT
