# The digest is that of .packaging/source_archive for the release.
vcpkg_download_distfile(ARCHIVE
  URLS "https://example.org/bibsmith/bibsmith-${VERSION}.tar.gz"
  FILENAME "bibsmith-${VERSION}.tar.gz"
  SHA512 0)
vcpkg_extract_source_archive(SOURCE_PATH ARCHIVE "${ARCHIVE}")
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS -DBIBSMITH_LOAD_LATE=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME bibsmith CONFIG_PATH lib/cmake/bibsmith)
vcpkg_fixup_pkgconfig()
vcpkg_copy_tools(TOOL_NAMES bibsmith AUTO_CLEAN)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
