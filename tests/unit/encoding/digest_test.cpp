#include "encoding/digest.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "encoding/hex.hpp"

namespace rag::encoding {
namespace {

TEST(Sha256, IsThatOfTheStandard) {
    EXPECT_EQ(
        to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

TEST(Sha256, OfPartsIsThatOfTheWhole) {
    Sha256 hash;
    hash.update(std::string_view("a"));
    hash.update(std::string_view("bc"));

    EXPECT_EQ(hash.finish(), sha256("abc"));
    EXPECT_EQ(hash.finish(), sha256(""));  // A new one has begun.
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
    std::string folder = (std::filesystem::temp_directory_path() / "digest_XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const std::filesystem::path path = std::filesystem::path(folder) / "file";
    const std::string bytes(600'000, 'x');  // More than one piece.
    std::ofstream(path) << bytes;

    EXPECT_EQ(sha256_of_file(path), sha256(bytes));
    EXPECT_EQ(sha256_of_file(path / "none"), std::nullopt);
    std::filesystem::remove_all(folder);
}

TEST(Hex, DigitsHaveAValue) {
    EXPECT_EQ(hex_value('0'), 0u);
    EXPECT_EQ(hex_value('9'), 9u);
    EXPECT_EQ(hex_value('a'), 10u);
    EXPECT_EQ(hex_value('F'), 15u);
    for (const char none : {'g', 'G', '/', ':', '@', '`', ' ', '\xFF'}) {
        EXPECT_EQ(hex_value(none), std::nullopt) << none;
    }
}

}  // namespace
}  // namespace rag::encoding
