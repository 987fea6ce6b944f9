#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "application/list_conversations.hpp"
#include "world.hpp"

namespace rag::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::int64_t> ids(const ListResponse& response) {
    std::vector<std::int64_t> found;
    for (const ConversationSummary& summary : response.conversations) {
        found.push_back(summary.id.value);
    }
    return found;
}

Result<ListResponse> list(World& world, ListRequest request) {
    return await(world.use_cases.list.run(std::move(request), request_context()));
}

TEST(ListConversations, PagesFromTheNewestToTheOldestAndEnds) {
    World world;
    for (const char* text : {"one", "two", "three", "four", "five"}) world.talk({text});
    ListRequest request;
    request.limit = 2;

    const Result<ListResponse> first = list(world, request);
    request.cursor = first->next_cursor;
    const Result<ListResponse> second = list(world, request);
    request.cursor = second->next_cursor;
    const Result<ListResponse> third = list(world, request);

    EXPECT_THAT(ids(*first), ElementsAre(5, 4));
    EXPECT_THAT(ids(*second), ElementsAre(3, 2));
    EXPECT_THAT(ids(*third), ElementsAre(1));
    EXPECT_EQ(third->next_cursor, std::nullopt);
}

TEST(ListConversations, SkipsOnTheFirstPageOnly) {
    World world;
    for (const char* text : {"one", "two", "three", "four", "five"}) world.talk({text});
    ListRequest request;
    request.limit = 2;
    request.skip = 1;

    const Result<ListResponse> first = list(world, request);
    request.cursor = first->next_cursor;
    const Result<ListResponse> second = list(world, request);

    EXPECT_THAT(ids(*first), ElementsAre(4, 3));
    EXPECT_THAT(ids(*second), ElementsAre(2, 1));
}

TEST(ListConversations, RepeatsNothingWhenOneIsAddedBetweenPages) {
    World world;
    for (const char* text : {"one", "two", "three"}) world.talk({text});
    ListRequest request;
    request.limit = 2;
    const Result<ListResponse> first = list(world, request);
    world.talk({"four"});

    request.cursor = first->next_cursor;
    const Result<ListResponse> second = list(world, request);

    EXPECT_THAT(ids(*second), ElementsAre(1));
}

TEST(ListConversations, RefusesWhatIsOutOfRange) {
    World world;
    ListRequest none;
    none.limit = 0;
    ListRequest many;
    many.limit = 101;
    ListRequest negative;
    negative.skip = -1;
    ListRequest strange;
    strange.cursor = "nonsense";

    EXPECT_EQ(list(world, none).error().pointer, "/limit");
    EXPECT_EQ(list(world, many).error().pointer, "/limit");
    EXPECT_EQ(list(world, negative).error().pointer, "/skip");
    EXPECT_EQ(list(world, strange).error().pointer, "/cursor");
}

TEST(ListConversations, RefusesTheCursorOfAnotherFilter) {
    World world;
    world.talk({"one"});
    world.talk({"two"});
    ListRequest request;
    request.limit = 1;
    request.cursor = list(world, request)->next_cursor;

    request.filter.author_name = "ana";
    const Result<ListResponse> other = list(world, request);

    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().pointer, "/cursor");
}

TEST(ListConversations, PassesOnWhatTheRepositoryCannotDo) {
    World world;
    world.repository.fail_with("list", ErrorCode::unavailable);

    EXPECT_EQ(list(world, {}).error().code, ErrorCode::unavailable);
}

TEST(GetConversation, AnswersHeaderAndChunksInOrder) {
    World world;
    const ConversationId id = world.talk({"first", "second", "third"}, "a title");

    const Result<ConversationWithChunks> found =
        await(world.use_cases.get.with_chunks(id, request_context()));

    ASSERT_TRUE(found);
    EXPECT_EQ(found->summary.header.scenario_title, "a title");
    EXPECT_EQ(found->summary.chunk_count, 3);
    ASSERT_THAT(found->chunks, SizeIs(3));
    EXPECT_EQ(found->chunks[2].chunk.text, "ana: third");
}

TEST(GetConversation, AnswersTheMessagesAskedForVerbatim) {
    World world;
    const ConversationId id = world.talk({"first", "  second\n", "third"});
    const auto messages = [&](std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
        return await(world.use_cases.get.messages({id, from, to}, request_context()));
    };

    const Result<MessagePage> all = messages({}, {});
    const Result<MessagePage> one = messages(1, 1);
    const Result<MessagePage> rest = messages(1, 100);
    const Result<MessagePage> beyond = messages(7, {});

    EXPECT_EQ(all->total, 3);
    EXPECT_THAT(all->messages, SizeIs(3));
    ASSERT_THAT(one->messages, SizeIs(1));
    EXPECT_EQ(one->messages[0].index, 1);
    EXPECT_EQ(one->messages[0].message.content, "  second\n");
    EXPECT_EQ(one->total, 3);
    EXPECT_THAT(rest->messages, SizeIs(2));
    EXPECT_THAT(beyond->messages, IsEmpty());
}

TEST(GetConversation, RefusesARangeThatIsNone) {
    World world;
    const ConversationId id = world.talk({"first"});

    const auto negative = await(world.use_cases.get.messages({id, -1}, request_context()));
    const auto reversed = await(world.use_cases.get.messages({id, 2, 1}, request_context()));

    EXPECT_EQ(negative.error().pointer, "/from");
    EXPECT_EQ(reversed.error().pointer, "/to");
}

TEST(GetConversation, KnowsNoConversationThatIsNotThere) {
    World world;
    const ConversationId id{5};

    const auto summary = await(world.use_cases.get.summary(id, request_context()));
    const auto chunks = await(world.use_cases.get.with_chunks(id, request_context()));
    const auto messages = await(world.use_cases.get.messages({id}, request_context()));

    EXPECT_EQ(summary.error().code, ErrorCode::not_found);
    EXPECT_EQ(chunks.error().code, ErrorCode::not_found);
    EXPECT_EQ(messages.error().code, ErrorCode::not_found);
}

TEST(GetConversation, PassesOnWhatTheRepositoryCannotDo) {
    World world;
    const ConversationId id = world.talk({"first"});
    world.repository.fail_with("chunks", ErrorCode::timeout);
    world.repository.fail_with("messages", ErrorCode::corrupt);

    const auto chunks = await(world.use_cases.get.with_chunks(id, request_context()));
    const auto messages = await(world.use_cases.get.messages({id}, request_context()));

    EXPECT_EQ(chunks.error().code, ErrorCode::timeout);
    EXPECT_EQ(messages.error().code, ErrorCode::corrupt);
}

TEST(DeleteConversation, DeletesAndSaysSoInTheLog) {
    World world;
    const ConversationId id = world.talk({"first", "second"});

    const Result<WriteAnswer> answer =
        await(world.use_cases.remove.run(id, write_context(), request_context()));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome.chunks_deleted, 2);
    EXPECT_EQ(
        await(world.use_cases.get.summary(id, request_context())).error().code, ErrorCode::not_found
    );
    const LogLine line = world.telemetry.lines().back();
    EXPECT_EQ(line.message, "Conversation deleted successfully");
    EXPECT_EQ(line.fields.at("chunk_count"), "2");
}

TEST(DeleteConversation, LeavesNoErrorInTheLogForAnUnknownId) {
    World world;

    const Result<WriteAnswer> answer =
        await(world.use_cases.remove.run(ConversationId{1}, write_context(), request_context()));

    EXPECT_EQ(answer.error().code, ErrorCode::not_found);
    EXPECT_THAT(world.telemetry.lines(), IsEmpty());
}

TEST(GetConversation, SaysHowToReadOneThatIsTooLargeAtOnce) {
    World world;
    const ConversationId id = world.talk({"one", "two", "three"});
    world.repository.bound_reads(10);

    const auto whole = await(world.use_cases.get.with_chunks(id, request_context()));
    const auto messages = await(world.use_cases.get.messages({id}, request_context()));
    const auto part = await(world.use_cases.get.messages({id, 1, 1}, request_context()));

    for (const Error& error : {whole.error(), messages.error()}) {
        EXPECT_EQ(error.code, ErrorCode::too_large);
        EXPECT_EQ(error.pointer, "/from");
        EXPECT_THAT(error.message, testing::HasSubstr("from and to"));
    }
    ASSERT_TRUE(part);
    EXPECT_THAT(part->messages, SizeIs(1));
}

}  // namespace
}  // namespace rag::test
