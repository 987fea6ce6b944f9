# Everything comes from the distribution's packages; scripts/setup.sh installs them. A missing one
# ends here, in one line that names it.
find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ICU REQUIRED COMPONENTS i18n uc)
find_package(OpenSSL REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)
if(RAG_TESTS)
    find_package(GTest REQUIRED)
endif()

find_library(HWY_LIBRARY hwy REQUIRED)
find_path(HWY_INCLUDE hwy/highway.h REQUIRED)
add_library(rag_hwy INTERFACE)
target_link_libraries(rag_hwy INTERFACE ${HWY_LIBRARY})
target_include_directories(rag_hwy SYSTEM INTERFACE ${HWY_INCLUDE})

find_library(STEMMER_LIBRARY stemmer REQUIRED)
add_library(rag_stemmer INTERFACE)
target_link_libraries(rag_stemmer INTERFACE ${STEMMER_LIBRARY})

# Asio's and Beast's sources are compiled once, in src/asio, instead of in every file that uses them.
add_library(rag_asio_options INTERFACE)
target_compile_definitions(
    rag_asio_options
    INTERFACE BOOST_ASIO_SEPARATE_COMPILATION
              BOOST_BEAST_SEPARATE_COMPILATION
              BOOST_ASIO_NO_DEPRECATED
)
target_link_libraries(rag_asio_options INTERFACE Boost::headers Threads::Threads)
# g++ 12 inlines the allocator of a coroutine's frame, and then takes its pair for a wrong one.
target_compile_options(rag_asio_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
