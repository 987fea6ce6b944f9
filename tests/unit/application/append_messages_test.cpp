#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace rag::test {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

Result<WriteAnswer> append(
    World& world,
    ConversationId id,
    std::vector<Message> messages,
    WriteContext write = write_context()
) {
    return await(
        world.use_cases.append.run(id, std::move(messages), std::move(write), request_context())
    );
}

TEST(AppendMessages, EmbedsOnlyTheNewPartAndCountsOnFromWhatIsThere) {
    World world;
    const ConversationId id = world.talk({"first", "second"});

    const Result<WriteAnswer> answer = append(world, id, {message("ana", "third words")});

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->outcome.messages_written, 1);
    EXPECT_EQ(answer->outcome.messages_total, 3);
    EXPECT_THAT(world.embeddings.batches(), ElementsAre(2, 1));
    const Result<SearchResponse> found = world.find({.query = "third", .top_k = 1});
    ASSERT_THAT(found->results, SizeIs(1));
    EXPECT_EQ(found->results[0].chunk.stored.chunk.order_index, 2);
    EXPECT_EQ(found->results[0].chunk.stored.chunk.message_start, 2);
    EXPECT_EQ(world.telemetry.lines().back().message, "Messages appended successfully");
}

TEST(AppendMessages, KnowsNoConversationThatIsNotThereAndDoesNotEmbedForIt) {
    World world;

    const Result<WriteAnswer> answer = append(world, ConversationId{9}, {message("ana", "hello")});

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::not_found);
    EXPECT_TRUE(world.embeddings.batches().empty());
}

TEST(AppendMessages, RefusesInvalidMessagesWithTheirPointer) {
    World world;
    const ConversationId id = world.talk({"first"});

    const Result<WriteAnswer> none = append(world, id, {});
    const Result<WriteAnswer> blank = append(world, id, {message("ana", ""), message("ana", " ")});
    const Result<WriteAnswer> with_blank =
        append(world, id, {message("ana", "ok"), message("ana", " ")});

    EXPECT_EQ(none.error().pointer, "/messages");
    ASSERT_FALSE(blank);
    EXPECT_EQ(blank.error().pointer, "/messages");
    ASSERT_TRUE(with_blank) << with_blank.error().message;
    EXPECT_EQ(with_blank->outcome.messages_written, 2);
    EXPECT_EQ(with_blank->outcome.chunks_written, 1);
}

TEST(AppendMessages, RefusesWhatWouldMakeTheConversationTooLong) {
    World world;
    UseCaseOptions options = default_options();
    options.conversation.messages_max = 3;
    UseCases limited(world.ports(), options);
    const ConversationId id = world.talk({"first", "second"});

    const Result<WriteAnswer> answer = await(limited.append.run(
        id, {message("ana", "third"), message("ben", "fourth")}, write_context(), request_context()
    ));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(answer.error().pointer, "/messages");
    EXPECT_THAT(world.embeddings.batches(), ElementsAre(2));  // Nothing was embedded for it.
}

TEST(AppendMessages, AppendsOnceForARepeatedKeyEvenIfTheConversationIsGoneSince) {
    World world;
    const ConversationId id = world.talk({"first"});
    const std::vector<WriteKey> keys{{WriteKey::Scope::client, "k1"}};
    const Result<WriteAnswer> once =
        append(world, id, {message("ana", "more")}, write_context(keys, 1));

    const Result<WriteAnswer> twice =
        append(world, id, {message("ana", "more")}, write_context(keys, 1));
    (void)await(world.use_cases.remove.run(id, write_context(), request_context()));
    const Result<WriteAnswer> after =
        append(world, id, {message("ana", "more")}, write_context(keys, 1));

    EXPECT_FALSE(once->replayed);
    EXPECT_TRUE(twice->replayed);
    EXPECT_EQ(twice->outcome.messages_total, once->outcome.messages_total);
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->replayed);
}

TEST(AppendMessages, LooksUpForwardKeysToo) {
    World world;
    const ConversationId id = world.talk({"first"});
    const std::vector<WriteKey> keys{{WriteKey::Scope::forward, "f1"}};
    (void)append(world, id, {message("ana", "more")}, write_context(keys, 1));

    const Result<WriteAnswer> twice =
        append(world, id, {message("ana", "more")}, write_context(keys, 1));

    EXPECT_TRUE(twice->replayed);
    EXPECT_EQ(await(world.use_cases.get.summary(id, request_context()))->message_count, 2);
}

TEST(AppendMessages, FailsWhenTheProviderOrTheRepositoryDoes) {
    World world;
    const ConversationId id = world.talk({"first"});

    world.repository.fail_with("append", ErrorCode::no_space);
    const Result<WriteAnswer> full = append(world, id, {message("ana", "more")});
    world.repository.fail_with("get", ErrorCode::unavailable);
    const Result<WriteAnswer> away = append(world, id, {message("ana", "more")});
    world.repository.recover();
    world.embeddings.fail_with(ErrorCode::timeout);
    const Result<WriteAnswer> slow = append(world, id, {message("ana", "more")});

    EXPECT_EQ(full.error().code, ErrorCode::no_space);
    EXPECT_EQ(away.error().code, ErrorCode::unavailable);
    EXPECT_EQ(slow.error().code, ErrorCode::timeout);
    EXPECT_EQ(await(world.use_cases.get.summary(id, request_context()))->message_count, 1);
}

TEST(AppendMessages, SaysWhichMessagesHoldNoWordsWhereTheSenderHasThem) {
    World world;
    const ConversationId id = world.talk({"first", "second"});
    const Message unnamed = message("ana", text_without_words());
    Message known = message("ben", "third");
    known.external_id = "m-3";
    ASSERT_TRUE(append(world, id, {known}));

    const Result<WriteAnswer> named =
        append(world, id, {message("ben", "fourth"), known, unnamed, message("ben", "last")});
    const Result<WriteAnswer> plain = append(world, id, {unnamed});

    ASSERT_TRUE(named && plain);
    EXPECT_EQ(named->outcome.messages_known, 1);
    EXPECT_THAT(named->outcome.messages_without_words, ElementsAre(2));
    EXPECT_THAT(plain->outcome.messages_without_words, ElementsAre(0));
    const Result<SearchResponse> found =
        world.find({.query = "needle", .top_k = 5, .mode = SearchMode::lexical});
    EXPECT_GE(found->results.size(), 2U);
}

}  // namespace
}  // namespace rag::test
