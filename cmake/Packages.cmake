# Debian packages: `cpack -G DEB` in a build folder, or `./dev package`.
#
# tillsight is till and head office, as one program; which of both a box is, its settings say: both
# services are enabled and wait for theirs. tillsight-model is the network: it is as large as all the
# rest and changes less often than it.
include_guard()
include(GNUInstallDirs)

# Of SOURCE_DATE_EPOCH, where it is set: ./dev package sets it to the commit's.
string(TIMESTAMP TILLSIGHT_DATE "%Y-%m-%d" UTC)
string(TIMESTAMP TILLSIGHT_RFC_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(TILLSIGHT_DEB_VERSION ${PROJECT_VERSION})
set(made ${PROJECT_BINARY_DIR}/packaging)
foreach(file preinst postinst prerm postrm tillsight.1 changelog)
  configure_file(${PROJECT_SOURCE_DIR}/packaging/${file} ${made}/${file} @ONLY)
endforeach()
foreach(file tillsight.1 changelog)
  add_custom_command(OUTPUT ${made}/${file}.gz
    COMMAND gzip -9nc ${made}/${file} > ${made}/${file}.gz DEPENDS ${made}/${file})
endforeach()
add_custom_target(tillsight_packaged
  DEPENDS tillsight ${made}/tillsight.1.gz ${made}/changelog.gz)

set(doc ${CMAKE_INSTALL_DATADIR}/doc/tillsight)
set(share ${CMAKE_INSTALL_DATADIR}/tillsight)
install(TARGETS tillsight RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tillsight)
install(FILES systemd/tillsight-till.service systemd/tillsight-hub.service
  DESTINATION lib/systemd/system COMPONENT tillsight)
install(FILES systemd/sysusers.conf DESTINATION lib/sysusers.d RENAME tillsight.conf COMPONENT tillsight)
install(FILES systemd/modules-load.conf DESTINATION lib/modules-load.d RENAME tillsight.conf
  COMPONENT tillsight)
install(FILES ${made}/tillsight.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tillsight)
install(FILES packaging/tillsight.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME tillsight COMPONENT tillsight)
install(FILES config/catalogue.csv DESTINATION ${share}/config COMPONENT tillsight)
install(DIRECTORY config/mappings DESTINATION ${share}/config COMPONENT tillsight)
install(FILES config/till.toml config/hub.toml DESTINATION ${doc}/examples COMPONENT tillsight)
install(FILES packaging/copyright NOTICE README.md CHANGELOG.md ${made}/changelog.gz DESTINATION ${doc} COMPONENT tillsight)
install(DIRECTORY docs DESTINATION ${doc} COMPONENT tillsight PATTERN images EXCLUDE)
install(FILES models/manifest.toml models/coco.labels models/ssdlite_mobilenet_v2_coco.pb
  DESTINATION ${share}/models COMPONENT tillsight-model)
install(FILES packaging/copyright NOTICE ${made}/changelog.gz
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tillsight-model
  COMPONENT tillsight-model)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The Tillsight maintainers <maintainers@tillsight.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL tillsight tillsight-model)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_NAME tillsight)
set(CPACK_COMPONENT_TILLSIGHT_DESCRIPTION "vision checkout: till and head office
 A camera at the counter fills the basket, the clerk corrects and confirms it,
 and head office has every invoice once, even when network, broker or power
 went away in between. This one program is the till, its head office, and the
 tools of both.")
set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_DEPENDS
  "tzdata, fonts-dejavu-core, init-system-helpers (>= 1.52), systemd | systemd-standalone-sysusers")
set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_RECOMMENDS "tillsight-model, fonts-noto-core")
set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_SUGGESTS "mosquitto")
set(CPACK_DEBIAN_TILLSIGHT_PACKAGE_CONTROL_EXTRA
  "${made}/preinst;${made}/postinst;${made}/prerm;${made}/postrm")

set(CPACK_DEBIAN_TILLSIGHT-MODEL_PACKAGE_NAME tillsight-model)
set(CPACK_COMPONENT_TILLSIGHT-MODEL_DESCRIPTION "vision checkout: the network that recognises goods
 SSDLite MobileNetV2 with its manifest, as Tillsight reads it. A till needs it,
 head office does not.")
set(CPACK_DEBIAN_TILLSIGHT-MODEL_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_TILLSIGHT-MODEL_PACKAGE_SECTION misc)
include(CPack)
