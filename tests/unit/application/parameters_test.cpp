#include "application/parameters.hpp"

#include <gmock/gmock.h>

#include <set>

#include "application/get_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "cursor.hpp"

namespace rag::test {
namespace {

/// Another value than a request has that says nothing.
ParameterValue other_value(const Parameter& parameter) {
    switch (parameter.type) {
        case ParameterType::text:
            return std::string(parameter.names.at(Door::command) == "--author-type" ? "user" : "x");
        case ParameterType::number:
            return 0.5;
        case ParameterType::flag:
            return true;
        case ParameterType::choice:
            return std::string(parameter.choices.back());
        default:
            return std::int64_t{7};
    }
}

template <class Request>
class ParameterTable : public testing::Test {};
using Requests = testing::Types<SearchRequest, ListRequest, MessagesRequest>;
TYPED_TEST_SUITE(ParameterTable, Requests);

TYPED_TEST(ParameterTable, FillsAnotherMemberByEveryRowAndTheCursorDigestsIt) {
    const TypeParam nothing_said;
    std::set<std::uint64_t> digests{digest_of("test", nothing_said).value()};
    for (const ParameterRow<TypeParam>& row : parameter_rows<TypeParam>()) {
        TypeParam request;
        row.access.set(request, other_value(row.parameter));

        for (const ParameterRow<TypeParam>& each : parameter_rows<TypeParam>()) {
            const bool changed = each.access.get(request) != each.access.get(nothing_said);
            EXPECT_EQ(changed, &each == &row) << row.parameter.core_name();
        }
        const bool another = digests.insert(digest_of("test", request).value()).second;
        EXPECT_NE(another, row.parameter.names_page) << row.parameter.core_name();
    }
}

TYPED_TEST(ParameterTable, HasEachNameOnceAtEachDoorAndOneLineOfHelp) {
    for (const Door door : {Door::query, Door::body, Door::tool, Door::command}) {
        std::set<std::string_view> names;
        for (const ParameterRow<TypeParam>& row : parameter_rows<TypeParam>()) {
            const std::string_view name = row.parameter.names.at(door);
            if (name.empty()) continue;
            EXPECT_TRUE(names.insert(name).second) << name;
        }
    }
    for (const ParameterRow<TypeParam>& row : parameter_rows<TypeParam>()) {
        EXPECT_FALSE(row.parameter.help.empty()) << row.parameter.core_name();
        EXPECT_FALSE(row.parameter.help.ends_with('.')) << row.parameter.core_name();
        EXPECT_EQ(row.parameter.help.find('\n'), std::string_view::npos);
    }
}

TYPED_TEST(ParameterTable, HasDefaultsWithinTheirBounds) {
    for (const ParameterRow<TypeParam>& row : parameter_rows<TypeParam>()) {
        if (row.parameter.required) continue;
        EXPECT_TRUE(check_bounds(row.parameter, row.access.get(TypeParam())))
            << row.parameter.core_name();
    }
}

Error refusal(const SearchRequest& request) {
    const Result<void> valid = check_bounds(request);
    return valid ? Error{} : valid.error();
}

TEST(CheckBounds, TellsTheBoundsOfTheTable) {
    const SearchRequest many{.query = "x", .top_k = limits::kRowsMax + 1};
    const SearchRequest negative{.query = "x", .min_score = -0.5};
    const SearchRequest none{.query = "x", .max_tokens = 0};
    const SearchRequest huge{.query = "x", .context = SIZE_MAX};
    const SearchRequest long_query{.query = std::string(limits::kQueryCharactersMax + 1, 'x')};

    EXPECT_EQ(refusal(long_query).message, "The query has more than 10,000 characters.");
    EXPECT_EQ(refusal(many).message, "top_k must be between 1 and 100.");
    EXPECT_EQ(refusal(negative).message, "min_score must be between 0 and 1.");
    EXPECT_EQ(refusal(none).message, "max_tokens must be at least 1.");
    EXPECT_EQ(refusal(huge).message, "context must be between 0 and 10.");
    EXPECT_EQ(refusal(huge).pointer, "/context");
    EXPECT_EQ(check_bounds(ListRequest{.skip = -1}).error().message, "skip must not be negative.");
}

TEST(ToldAt, NamesTheParameterAsTheDoorDoes) {
    const auto pointer = [](Door door, std::string core) {
        return told_at<SearchRequest>(door, Error{ErrorCode::invalid_argument, "", core}).pointer;
    };

    EXPECT_EQ(pointer(Door::query, "/query"), "/q");
    EXPECT_EQ(pointer(Door::body, "/query"), "/query");
    EXPECT_EQ(pointer(Door::tool, "/query"), "/q");
    EXPECT_EQ(pointer(Door::query, "/min_score"), "/min_score");
    EXPECT_EQ(pointer(Door::body, "/min_score"), "/filters/min_score");
    EXPECT_EQ(pointer(Door::body, "/elsewhere"), "/elsewhere");
}

TEST(ParameterAccess, KeepsTheFiltersOfAClientBesideAnAuthorTypeThatNothingHas) {
    SearchRequest request;
    for (const ParameterRow<SearchRequest>& row : parameter_rows<SearchRequest>()) {
        if (row.parameter.core_name() == "author_type")
            row.access.set(request, std::string("martian"));
        if (row.parameter.core_name() == "conversation_id")
            row.access.set(request, std::int64_t{12});
    }

    EXPECT_EQ(request.filter.author_type, "martian");
    EXPECT_EQ(request.filter.conversation_id, ConversationId{12});
}

}  // namespace
}  // namespace rag::test
