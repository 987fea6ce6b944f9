#include "assets.hpp"

#include <gmock/gmock.h>

namespace rag::http {
namespace {

TEST(Assets, AreFoundByPathAndHaveATagOfTheirContent) {
    const Asset* docs = find_asset("/docs");

    ASSERT_NE(docs, nullptr);
    EXPECT_EQ(find_asset("/docs/"), nullptr);
    const std::string_view tag = entity_tag(*docs);
    EXPECT_EQ(tag.size(), 34U);
    EXPECT_TRUE(tag.starts_with('"') && tag.ends_with('"')) << tag;
    EXPECT_EQ(entity_tag(*docs), tag);
}

TEST(Assets, KnowTheTagThatAClientHas) {
    EXPECT_TRUE(names_tag("\"a\"", "\"a\""));
    EXPECT_TRUE(names_tag("\"x\", W/\"a\"", "\"a\""));
    EXPECT_TRUE(names_tag("*", "\"a\""));
    EXPECT_FALSE(names_tag("", "\"a\""));
    EXPECT_FALSE(names_tag("\"ab\"", "\"a\""));
}

}  // namespace
}  // namespace rag::http
