#include "wire/parse.hpp"

#include <gmock/gmock.h>

namespace rag::wire {
namespace {

template <class T>
std::string pointer_of(const Result<T>& result) {
    return result ? "taken" : result.error().pointer;
}

TEST(ParseSearch, ReadsTheBody) {
    const Result<SearchRequest> parsed = parse_search(
        R"({"query":"q","top_k":7,"mode":"lexical","context":2,"max_tokens":300,"cursor":"c","explain":true,
            "filters":{"author_name":"ana","author_type":"human","scenario_title":"s","conversation_id":12,
                       "date_from":"2025-11-07","date_to":"2025-11-07","min_score":0.25}})"
    );

    ASSERT_TRUE(parsed) << parsed.error().pointer;
    EXPECT_EQ(parsed->query, "q");
    EXPECT_EQ(parsed->top_k, 7U);
    EXPECT_EQ(parsed->mode, SearchMode::lexical);
    EXPECT_EQ(parsed->context, 2U);
    EXPECT_EQ(parsed->max_tokens, 300U);
    EXPECT_EQ(parsed->cursor, "c");
    EXPECT_TRUE(parsed->explain);
    EXPECT_EQ(parsed->filter.author_name, "ana");
    EXPECT_EQ(parsed->filter.author_type, "human");
    EXPECT_EQ(parsed->filter.conversation_id, ConversationId{12});
    EXPECT_EQ(parsed->days.from, parse_day("2025-11-07"));  // Where, the use case knows.
    EXPECT_FALSE(parsed->filter.date_from);
    EXPECT_EQ(parsed->days.to, parse_day("2025-11-07"));
    EXPECT_EQ(parsed->min_score, 0.25);
}

TEST(ParseSearch, ReadsTheSameFromAQueryString) {
    const Result<SearchRequest> parsed = parse_search_query(
        "q=a+b%26c&top_k=7&mode=dense&context=0&max_tokens=300&explain=1&author_name=J%C3%B6rg"
        "&conversation_id=12&date_from=2025-11-07T14%3A30%3A45%2B01%3A00&min_score=0.5&&"
    );

    ASSERT_TRUE(parsed) << parsed.error().pointer;
    EXPECT_EQ(parsed->query, "a b&c");
    EXPECT_EQ(parsed->top_k, 7U);
    EXPECT_EQ(parsed->mode, SearchMode::dense);
    EXPECT_TRUE(parsed->explain);
    EXPECT_EQ(parsed->filter.author_name, "J\xC3\xB6rg");
    EXPECT_EQ(format_timestamp(*parsed->filter.date_from), "2025-11-07T13:30:45.000Z");
    EXPECT_EQ(parsed->min_score, 0.5);
    EXPECT_EQ(parse_search_query("q=x", 25)->top_k, 25U);
}

TEST(ParseSearch, TakesTheOtherNameOfAQueryAndFiltersBeside) {
    const Result<SearchRequest> body =
        parse_search(R"({"q":"x","author_name":"Ana","filters":{"scenario_title":"Trip"}})");
    const Result<SearchRequest> query = parse_search_query("query=x");

    ASSERT_TRUE(body && query);
    EXPECT_EQ(body->query, "x");
    EXPECT_EQ(body->filter.author_name, "Ana");
    EXPECT_EQ(body->filter.scenario_title, "Trip");
    EXPECT_EQ(query->query, "x");
}

TEST(ParseSearch, TakesAnEmptyFilterForNone) {
    const Result<SearchRequest> body = parse_search(
        R"({"query":"x","filters":{"author_name":"","conversation_id":"","date_to":""}})"
    );
    const Result<SearchRequest> query =
        parse_search_query("q=x&author_name=&author_type=&scenario_title=&date_from=&min_score=");

    ASSERT_TRUE(body && query);
    EXPECT_EQ(body->filter, Filter());
    EXPECT_EQ(query->filter, Filter());
    EXPECT_FALSE(query->min_score);
}

TEST(ParseSearch, NamesWhatIsWrong) {
    const auto body = [](std::string_view text) { return pointer_of(parse_search(text)); };
    const auto query = [](std::string_view text) { return pointer_of(parse_search_query(text)); };

    EXPECT_EQ(body(R"({"query":"x","top_k":0})"), "/top_k");
    EXPECT_EQ(body(R"({"query":"x","top_k":101})"), "/top_k");
    EXPECT_EQ(body(R"({"query":"x","top_k":"5"})"), "/top_k");
    EXPECT_EQ(body(R"({"query":"x","top_k":5.0})"), "/top_k");
    EXPECT_EQ(body(R"({"query":"x","mode":"magic"})"), "/mode");
    EXPECT_EQ(body(R"({"query":"x","context":11})"), "/context");
    EXPECT_EQ(body(R"({"query":"x","max_tokens":0})"), "/max_tokens");
    EXPECT_EQ(body(R"({"query":"x","explain":"yes"})"), "/explain");
    EXPECT_EQ(body(R"({"query":"x","author":"a"})"), "/author");
    EXPECT_EQ(body(R"({"query":"x","q":"x"})"), "/q");
    EXPECT_EQ(
        body(R"({"query":"x","author_name":"a","filters":{"author_name":"a"}})"), "/author_name"
    );
    EXPECT_EQ(query("q=x&query=x"), "/query");
    EXPECT_EQ(query("q=x&top_k="), "/top_k");
    EXPECT_EQ(body(R"({"query":"x","filters":{"author":"a"}})"), "/filters/author");
    EXPECT_EQ(body(R"({"query":"x","filters":{"date_from":"2025-02-30"}})"), "/filters/date_from");
    EXPECT_EQ(
        body(R"({"query":"x","filters":{"conversation_id":"x"}})"), "/filters/conversation_id"
    );
    EXPECT_EQ(body(R"({"query":"x","filters":{"min_score":"high"}})"), "/filters/min_score");
    EXPECT_EQ(query("q=x&q=y"), "/q");
    EXPECT_EQ(query("q=x&limit=5"), "/limit");
    EXPECT_EQ(query("q=x&top_k=5x"), "/top_k");
    EXPECT_EQ(query("q=x&top_k="), "/top_k");
    EXPECT_EQ(query("q=x&top_k=99999999999999999999"), "/top_k");
    EXPECT_EQ(query("q=%ff"), "/q");
    EXPECT_EQ(query("q=%00"), "/q");
    EXPECT_EQ(query("q=%4"), "/q");
    EXPECT_EQ(query("q=x&min_score=nan"), "/min_score");
    EXPECT_EQ(query("q=x&min_score=inf"), "/min_score");
    EXPECT_EQ(query("q=x&explain=maybe"), "/explain");
}

TEST(ParseSearch, OfAnAuthorTypeThatNothingHasFindsNothing) {
    const Result<SearchRequest> parsed =
        parse_search_query("q=x&author_type=martian&conversation_id=12");

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->filter.author_type, "martian");
    EXPECT_EQ(parsed->filter.conversation_id, ConversationId{12});
}

TEST(ParseList, ReadsAndRefuses) {
    const Result<ListRequest> parsed =
        parse_list_query("skip=5&limit=100&author_name=ana&cursor=c");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->skip, 5);
    EXPECT_EQ(parsed->limit, 100U);
    EXPECT_EQ(parsed->filter.author_name, "ana");

    EXPECT_EQ(pointer_of(parse_list_query("limit=0")), "/limit");
    EXPECT_EQ(pointer_of(parse_list_query("limit=101")), "/limit");
    EXPECT_EQ(pointer_of(parse_list_query("skip=-1")), "/skip");
    EXPECT_EQ(pointer_of(parse_list_query("top_k=1")), "/top_k");
}

TEST(ParseMessages, ReadsARangeAndRefuses) {
    EXPECT_EQ(parse_messages_query("from=2&to=3")->to, 3);
    EXPECT_EQ(parse_messages_query("")->from, std::nullopt);
    EXPECT_EQ(pointer_of(parse_messages_query("from=-1")), "/from");
    EXPECT_EQ(pointer_of(parse_messages_query("from=3&to=2")), "/to");
    EXPECT_EQ(pointer_of(parse_messages_query("start=1")), "/start");
}

TEST(ParseConversationId, TakesAnIntegerOfSixtyFourBits) {
    EXPECT_EQ(parse_conversation_id("9223372036854775807")->value, INT64_MAX);
    for (const char* bad : {"", "x", "1.0", "+1", " 1", "9223372036854775808"}) {
        EXPECT_EQ(pointer_of(parse_conversation_id(bad)), "/conversation_id") << bad;
    }
}

}  // namespace
}  // namespace rag::wire
