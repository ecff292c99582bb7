#!/bin/sh
# Makes the admin secret in the vault, once, with the operator's own login (az login). It is random, and neither printed nor put on a command line.
set -eu
[ "${LAVA_BOOTSTRAP:-on}" != off ] || exit 0
secret=lava-admin-secret

# A role that was given a moment ago takes minutes to be seen.
tries=${LAVA_BOOTSTRAP_TRIES:-30}
until names=$(az keyvault secret list --vault-name "$LAVA_KEY_VAULT" --query "[?name=='$secret'].name" --output tsv); do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "The vault $LAVA_KEY_VAULT cannot be read: is this machine let in, and is 'az login' the same account as 'azd auth login'? Then run: azd hooks run postprovision" >&2
    exit 1
  fi
  sleep "${LAVA_BOOTSTRAP_PAUSE:-10}"
done
[ -z "$names" ] || exit 0

umask 077
file=$(mktemp)
trap 'rm -f "$file"' EXIT
od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n' >"$file"
az keyvault secret set --vault-name "$LAVA_KEY_VAULT" --name "$secret" --file "$file" --encoding utf-8 --output none
echo "Made the admin secret ($secret in the vault $LAVA_KEY_VAULT)."
