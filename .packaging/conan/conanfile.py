from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, get, rm


class Bibsmith(ConanFile):
    name = "bibsmith"
    version = "0.1.0"
    description = "Citations and bibliographies from arXiv, as a tool and a C library"
    license = "MIT"
    topics = ("bibtex", "arxiv", "citations")
    package_type = "shared-library"
    settings = "os", "arch", "compiler", "build_type"
    requires = ("cli11/[>=2.3 <3]", "libpq/[>=14 <18]", "libyaml/[>=0.2 <1]", "fmt/[>=9 <12]", "icu/[>=66]", "libcurl/[>=7.85 <9]",
                "nlohmann_json/[>=3.11 <4]", "pugixml/[>=1.13 <2]", "sqlite3/[>=3.35 <4]", "tl-expected/[>=1 <2]",
                "tomlplusplus/[>=3 <4]", "zstd/[>=1.4 <2]")

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("Bibsmith is for Linux")
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self, src_folder="src")

    def source(self):
        get(self, **self.conan_data["sources"][self.version], strip_root=True)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["BIBSMITH_LOAD_LATE"] = False  # they are in folders of Conan's
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, f"{self.package_folder}/licenses")
        rm(self, "*.cmake", f"{self.package_folder}/lib/cmake/bibsmith")

    def package_info(self):
        self.cpp_info.libs = ["bibsmith"]
        self.cpp_info.set_property("cmake_file_name", "bibsmith")
        self.cpp_info.set_property("cmake_target_name", "bibsmith::bibsmith")
        self.cpp_info.set_property("pkg_config_name", "bibsmith")
