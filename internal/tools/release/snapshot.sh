#!/usr/bin/env bash
# Makes in dist/ what a release of the last commit would hold, by the configuration of releases, with two exceptions: it is for this
# platform only, and the key that signs it is made here and thrown away. Nothing is downloaded or published.
set -euo pipefail
cd "$(dirname "$0")/../../.."
root=$PWD
work=$(mktemp -d)
export GNUPGHOME=$work/keys SYFT_CHECK_FOR_APP_UPDATE=false PATH=$root/bin:$PATH
clean() {
  ! command -v gpgconf >/dev/null || gpgconf --kill all # the agent lives on otherwise
  rm -rf "$work"
}
trap clean EXIT

# A clone holds what is committed, and has a remote, without which GoReleaser does not work.
git -c advice.detachedHead=false clone --quiet "$root" "$work/clone"
cd "$work/clone"
git remote set-url origin https://github.com/bitbucket-access/terraform-provider-bitbucket
[ -z "$(git -C "$root" status --porcelain)" ] || echo "Building $(git rev-parse --short HEAD): what is not committed is not in it." >&2
goreleaser check

options=(--config - --snapshot)
if command -v gpg >/dev/null; then
  mkdir -m 700 "$GNUPGHOME"
  gpg --batch --quiet --passphrase '' --quick-generate-key 'Snapshot, not a release' rsa3072 sign 1d
  GPG_FINGERPRINT=$(gpg --batch --quiet --list-keys --with-colons | awk -F: '/^fpr/ { print $10; exit }')
  export GPG_FINGERPRINT
else
  echo 'gpg is not on PATH: the checksums are not signed.' >&2
  options+=(--skip=sign)
fi

# Flags of the user's own, such as -buildvcs=false, would give the binary other bytes than those of a release.
export GOFLAGS=-buildvcs=true

# A release for one platform is an option of "goreleaser build" only, which makes no archives.
sed -E -e "s/^(    goos:).*/\1 [\"$(go env GOOS)\"]/" -e "s/^(    goarch:).*/\1 [\"$(go env GOARCH)\"]/" .goreleaser.yml |
  goreleaser release "${options[@]}"

[ -z "${GPG_FINGERPRINT:-}" ] || gpg --batch --armor --export "$GPG_FINGERPRINT" > dist/snapshot-key.asc
rm -rf "$root/dist"
mv dist "$root/dist"
