class Bibsmith < Formula
  desc "Citations and bibliographies from arXiv"
  homepage "https://example.org/bibsmith"
  url "https://example.org/bibsmith/bibsmith-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "libpq"
  depends_on "libyaml"
  depends_on "nlohmann-json" => :build
  depends_on "pkgconf" => :build
  depends_on "tl-expected" => :build
  depends_on "tomlplusplus" => :build
  depends_on "curl"
  depends_on "fmt"
  depends_on "icu4c@77"
  depends_on :linux
  depends_on "pugixml"
  depends_on "sqlite"
  depends_on "zstd"

  def install
    system "cmake", "-S", ".", "-B", "build", "-DBIBSMITH_LOAD_LATE=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    (testpath/"a.bib").write "@misc{a, title = {On Bindings}}\n"
    assert_match "\"title\": \"On Bindings\"", shell_output("#{bin}/bibsmith export a.bib --format csl-json")
    (testpath/"a.c").write <<~C
      #include <bibsmith/bibsmith.h>
      int main(void) { return bibsmith_abi_version() == BIBSMITH_ABI ? 0 : 1; }
    C
    system ENV.cc, "a.c", "-I#{include}", "-L#{lib}", "-lbibsmith", "-o", "a"
    system "./a"
  end
end
