#include "cursor.hpp"

#include <gtest/gtest.h>

#include <set>

#include "application/search_conversations.hpp"

namespace rag::test {
namespace {

TEST(Cursor, GivesItsPlaceBackForTheSameParameters) {
    ParameterDigest digest("search");
    digest.add("backups");

    for (const std::uint64_t place : {0ULL, 10ULL, 1'000ULL, ~0ULL}) {
        for (const std::uint64_t key : {0ULL, 1ULL, ~0ULL}) {
            const CursorPlace read = read_cursor(make_cursor({place, key}, digest), digest).value();
            EXPECT_EQ(read.number, place);
            EXPECT_EQ(read.key, key);
        }
    }
}

TEST(Cursor, IsTextThatNeedsNoEscapingInAUrl) {
    const std::string cursor = make_cursor({1'234'567, 89}, ParameterDigest("search"));

    EXPECT_EQ(cursor.find_first_not_of("0123456789abcdef-."), std::string::npos) << cursor;
}

TEST(Cursor, OfOtherParametersIsRefusedWithItsPointer) {
    ParameterDigest one("search");
    one.add("backups");
    ParameterDigest other("list");
    other.add("backups");

    const Result<CursorPlace> place = read_cursor(make_cursor({10}, one), other);

    ASSERT_FALSE(place);
    EXPECT_EQ(place.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(place.error().pointer, "/cursor");
}

TEST(Cursor, ThatIsNoneIsRefused) {
    const ParameterDigest digest("search");
    const std::string good = make_cursor({10, 7}, digest);

    for (const std::string& text :
         {std::string(),
          std::string("-"),
          std::string("x"),
          good + "0",
          good + " ",
          "-" + good,
          good.substr(1),
          std::string(10'000, 'a'),
          std::string("11111111111111111-1"),
          "." + good,
          "1." + good}) {
        EXPECT_FALSE(read_cursor(text, digest)) << text;
    }
}

TEST(ParameterDigest, DiffersWhereAnyPartOfAFilterDoes) {
    std::vector<Filter> filters(8);
    filters[1].author_name = "ana";
    filters[2].scenario_title = "ana";
    filters[3].author_type = "user";
    filters[4].conversation_id = ConversationId{1};
    filters[5].date_from = Timestamp{1};
    filters[6].date_to = Timestamp{1};
    filters[7].author_name = "";

    std::set<std::uint64_t> digests;
    for (const Filter& filter : filters) {
        digests.insert(digest_of("search", SearchRequest{.filter = filter}).value());
    }

    EXPECT_EQ(digests.size(), filters.size());
}

TEST(ParameterDigest, TellsWhereOneTextEnds) {
    ParameterDigest one("search");
    one.add("ab");
    one.add("c");
    ParameterDigest other("search");
    other.add("a");
    other.add("bc");

    EXPECT_NE(one.value(), other.value());
}

}  // namespace
}  // namespace rag::test
