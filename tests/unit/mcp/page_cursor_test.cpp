#include "page_cursor.hpp"

#include <gtest/gtest.h>

namespace rag::mcp {
namespace {

encoding::Value arguments(std::string_view json) { return *encoding::parse_json(json); }

encoding::Value with_cursor(std::string_view q, const std::string& cursor) {
    return arguments(R"({"q":")" + std::string(q) + R"(","cursor":")" + cursor + R"("})");
}

TEST(PageCursor, LeadsBackToThePageAndTheRowsShown) {
    const std::string cursor = make_page_cursor(arguments(R"({"q":"x"})"), {"inner~cursor", 7});

    const Result<PagePlace> place = read_page_cursor(with_cursor("x", cursor));

    ASSERT_TRUE(place);
    EXPECT_EQ(place->page, "inner~cursor");
    EXPECT_EQ(place->shown, 7u);
}

TEST(PageCursor, BeginsWithTheFirstPageWhenThereIsNone) {
    for (const char* json : {R"({"q":"x"})", R"({"q":"x","cursor":null})"}) {
        const Result<PagePlace> place = read_page_cursor(arguments(json));
        ASSERT_TRUE(place);
        EXPECT_FALSE(place->page);
        EXPECT_EQ(place->shown, 0u);
    }
}

TEST(PageCursor, RefusesOneOfOtherArgumentsAndWhatIsNoCursor) {
    const std::string cursor = make_page_cursor(arguments(R"({"q":"x"})"), {{}, 7});

    for (const encoding::Value& value :
         {with_cursor("y", cursor),
          with_cursor("x", ""),
          with_cursor("x", "7"),
          with_cursor("x", "-1" + cursor.substr(1)),
          with_cursor("x", "999" + cursor.substr(1)),
          arguments(R"({"q":"x","cursor":7})")}) {
        const Result<PagePlace> place = read_page_cursor(value);
        ASSERT_FALSE(place) << value.to_json();
        EXPECT_EQ(place.error().pointer, "/cursor");
    }
}

TEST(PageCursor, GoesOnInThePageThenInTheNextThenNowhere) {
    const encoding::Value none = arguments("{}");

    const auto within = next_page_cursor(none, {"page", 0}, 3, 5, "next");
    const auto beyond = next_page_cursor(none, {"page", 3}, 5, 5, "next");

    EXPECT_EQ(within, make_page_cursor(none, {"page", 3}));
    EXPECT_EQ(beyond, make_page_cursor(none, {"next", 0}));
    EXPECT_EQ(next_page_cursor(none, {"page", 3}, 5, 5, std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace rag::mcp
