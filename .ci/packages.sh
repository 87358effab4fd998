# Sourced by examples/quickstart and tests/run: which Debian packages each job needs, and how they get here.

build_packages="g++ cmake ninja-build pkg-config ccache ca-certificates
  libcurl4-openssl-dev libpugixml-dev libsqlite3-dev libexpected-dev libicu-dev
  nlohmann-json3-dev libcli11-dev libfmt-dev libtomlplusplus-dev libyaml-dev libpq-dev libjemalloc-dev libzstd-dev"
emulator_packages="zlib1g-dev libcpp-httplib-dev"
test_packages="catch2 python3 curl git groff-base sqlite3"
all_packages="clang-14 lld-14 libclang-rt-14-dev clang-format-14 libbenchmark-dev
  texlive-latex-base texlive-latex-recommended texlive-bibtex-extra texlive-plain-generic texlive-publishers
  lmodern biber poppler-utils latexmk
  pandoc bibutils
  luajit abigail-tools emacs-nox postgresql-15 nginx-light
  neovim elpa-eglot elpa-package-lint"

# Into build/npm, from the npm registry: what has no Debian package.
npm_packages="@myriaddreamin/typst-ts-node-compiler@0.7.0 koffi@3.3.4
  vscode-languageserver-protocol@3.18.5 vscode-languageclient@9.0.1 esbuild@0.28.2
  axe-core@4.14.1 html-validate@10.17.0"

# install_npm_packages: where Node.js comes from elsewhere, its npm is taken; Debian's would not fit beside it.
# Without the registry the tests that need it are skipped.
install_npm_packages() {
  command -v npm >/dev/null || install_packages nodejs npm
  # shellcheck disable=SC2086
  timeout 180 npm install --prefix build/npm --no-save --no-fund --no-audit --loglevel=error $npm_packages ||
    echo "npm's packages cannot be had: the tests that need them are skipped"
}

# install_packages PACKAGE...: those that are missing; says so first, asks nothing.
install_packages() {
  local missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  local as_root=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing, and there is no sudo:$missing" >&2; return 1; }
    as_root="sudo"
  fi
  echo "Installing Debian packages:$missing"
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
