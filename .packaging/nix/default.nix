{ pkgs ? import <nixpkgs> { } }:

pkgs.stdenv.mkDerivation {
  pname = "bibsmith";
  version = "0.1.0";
  src = pkgs.lib.cleanSource ../..;

  nativeBuildInputs = with pkgs; [ cmake ninja pkg-config ];
  cmakeFlags = [ "-DBIBSMITH_LOAD_LATE=OFF" ];  # libraries have folders of their own
  buildInputs = with pkgs; [
    cli11
    curl
    fmt
    libpq
    libyaml
    icu
    nlohmann_json
    pugixml
    sqlite
    tl-expected
    tomlplusplus
    zstd
  ];

  meta = {
    description = "Citations and bibliographies from arXiv";
    license = pkgs.lib.licenses.mit;
    platforms = pkgs.lib.platforms.linux;
    mainProgram = "bibsmith";
  };
}
