# Debian packages by `cpack -G DEB`: the tool, the library, and what programs are built against.
# Their contents are the components that the folders install.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bibsmith)
set(CPACK_PACKAGE_VENDOR "Bibsmith")
set(CPACK_PACKAGE_CONTACT "The Bibsmith developers <bibsmith@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENTS_ALL tool library development)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

set(CPACK_DEBIAN_TOOL_PACKAGE_NAME bibsmith)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION tex)
set(CPACK_DEBIAN_TOOL_DESCRIPTION "${PROJECT_DESCRIPTION}
 Prints BibTeX for arXiv ids, and keeps bibliographies right: checks,
 updates, deduplicates, formats and converts .bib files.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libbibsmith1)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
# What is loaded late stands in no header of the binaries.
set(CPACK_DEBIAN_TOOL_PACKAGE_DEPENDS "libcurl4 (>= 7.85)")
set(CPACK_DEBIAN_TOOL_PACKAGE_RECOMMENDS "libpq5")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libcurl4 (>= 7.85)")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBS "libbibsmith 1 libbibsmith1 (>= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "ca-certificates, bibsmith, libpq5")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "Citations and bibliographies in process (library)
 Bibsmith for any language that can call C.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libbibsmith-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libbibsmith1 (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "Citations and bibliographies in process (header files)
 The C header of libbibsmith, that of its plugins, and files for CMake and pkg-config.")

set(CPACK_SOURCE_GENERATOR TGZ)
include(CPack)
