#include "encoding/canonical_json.hpp"

#include <gtest/gtest.h>

namespace rag::encoding {
namespace {

std::string canonical(std::string_view text) { return canonical_json(parse_json(text).value()); }

TEST(CanonicalJson, IsOneSpellingOfEqualContent) {
    EXPECT_EQ(
        canonical(R"({ "b": [1.0, 10e-1, true, null], "a" : {"d":"x\u0041","c":false} })"),
        R"({"a":{"c":false,"d":"xA"},"b":[1,1,true,null]})"
    );
    EXPECT_EQ(
        canonical(R"({"metadata":{"z":1.50, "y":[ ]}})"),
        canonical(R"({"metadata":{"y":[],"z":15e-1}})")
    );
    EXPECT_EQ(canonical("{}"), "{}");
    EXPECT_EQ(canonical("[]"), "[]");
}

TEST(CanonicalJson, DiffersWhereTheContentDoes) {
    EXPECT_NE(canonical(R"({"a":"1"})"), canonical(R"({"a":1})"));
    EXPECT_NE(canonical(R"({"a":[1,2]})"), canonical(R"({"a":[2,1]})"));
}

}  // namespace
}  // namespace rag::encoding
