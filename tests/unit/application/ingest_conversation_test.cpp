#include "application/ingest_conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "world.hpp"

namespace rag::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

Conversation two_messages() {
    Conversation conversation;
    conversation.messages = {
        message("ana", "the backups moved"), message("ben", "to which bucket?")};
    return conversation;
}

std::vector<WriteKey> client_key(std::string key) {
    return {WriteKey{WriteKey::Scope::client, std::move(key)}};
}

TEST(IngestConversation, StoresMessagesAndChunksThatTheNextSearchFinds) {
    World world;

    const Result<WriteAnswer> answer = world.add(two_messages());

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->outcome.conversation_id, ConversationId{1});
    EXPECT_EQ(answer->outcome.messages_written, 2);
    EXPECT_EQ(answer->outcome.chunks_written, 2);
    const Result<SearchResponse> found = world.find({.query = "which bucket", .top_k = 1});
    EXPECT_THAT(texts(*found), ElementsAre("ben: to which bucket?"));
}

TEST(IngestConversation, StoresWithAChunkWhatRankingNeeds) {
    World world;
    world.add(two_messages());

    ChunkQuery query;
    query.terms = {"bucket"};
    query.pool_size = 10;
    const Result<CandidateSet> set =
        await(world.repository.candidates(query, within(std::chrono::seconds(1))));

    ASSERT_THAT(set->candidates, SizeIs(2));  // The match, and its neighbour.
    const Candidate& match = set->candidates[1];
    EXPECT_GT(match.bm25, 0);
    EXPECT_TRUE(match.traits.has_question_mark);
    EXPECT_EQ(match.traits.tokens, 4u);
    EXPECT_EQ(set->authors[match.author], "ben");
}

TEST(IngestConversation, LogsTheEventOfTheOperationsGuide) {
    World world;

    world.add(two_messages());

    ASSERT_THAT(world.telemetry.lines(), SizeIs(1));
    const LogLine line = world.telemetry.lines().front();
    EXPECT_EQ(line.level, LogLevel::info);
    EXPECT_EQ(line.logger, "app.application.ingest_conversation");
    EXPECT_EQ(line.message, "Conversation ingested successfully");
    EXPECT_EQ(line.trace_id, "0af7651916cd");
    EXPECT_EQ(line.fields.at("conversation_id"), "\"1\"");
    EXPECT_EQ(line.fields.at("chunk_count"), "2");
    EXPECT_THAT(line.fields.at("duration_ms"), testing::MatchesRegex("[0-9]+"));
    EXPECT_EQ(world.telemetry.count("ingest_conversations_total success"), 1);
    EXPECT_EQ(world.telemetry.count("embedding_generation_duration_seconds fake"), 1);
}

TEST(IngestConversation, AnswersADuplicateWithTheFirstIdAndDoesNotEmbedAgain) {
    World world;
    world.add(two_messages());

    const Result<WriteAnswer> again = world.add(two_messages());

    ASSERT_TRUE(again);
    EXPECT_EQ(again->outcome.conversation_id, ConversationId{1});
    EXPECT_TRUE(again->outcome.duplicate);
    EXPECT_THAT(world.embeddings.batches(), ElementsAre(2));
    EXPECT_EQ(world.telemetry.lines().back().message, "Conversation already known");
    EXPECT_EQ(world.telemetry.count("ingest_conversations_total duplicate"), 1);
}

TEST(IngestConversation, StoresADuplicateWhoseFirstOneIsDeletedMeanwhile) {
    World world;
    world.add(two_messages());
    world.repository.before("save_duplicate", [&world] {
        (void
        )await(world.use_cases.remove.run(ConversationId{1}, write_context(), request_context()));
    });

    const Result<WriteAnswer> again = world.add(two_messages());

    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->outcome.conversation_id, ConversationId{2});
    EXPECT_FALSE(again->outcome.duplicate);
}

TEST(IngestConversation, RepeatsTheFirstAnswerForARepeatedKeyWithoutALogLine) {
    World world;
    world.add(two_messages(), write_context(client_key("k1"), 7));

    const Result<WriteAnswer> again = world.add(two_messages(), write_context(client_key("k1"), 7));

    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->outcome.conversation_id, ConversationId{1});
    EXPECT_FALSE(again->outcome.duplicate);
    EXPECT_THAT(world.telemetry.lines(), SizeIs(1));
    EXPECT_EQ(world.telemetry.count("ingest_conversations_total duplicate"), 1);
}

TEST(IngestConversation, UsesTheKeyOfADuplicateUpToo) {
    World world;
    world.add(two_messages());
    world.add(two_messages(), write_context(client_key("k1"), 7));

    const Result<WriteAnswer> again = world.add(two_messages(), write_context(client_key("k1"), 7));

    EXPECT_TRUE(again->replayed);
    EXPECT_TRUE(again->outcome.duplicate);
}

TEST(IngestConversation, RefusesAKeyThatWasUsedWithAnotherBody) {
    World world;
    world.add(two_messages(), write_context(client_key("k1"), 7));

    const Result<WriteAnswer> other = world.add(two_messages(), write_context(client_key("k1"), 8));

    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::key_reused);
}

TEST(IngestConversation, RefusesASecondRequestWhileTheFirstWithItsKeyRuns) {
    World world;
    world.embeddings.hold();
    boost::asio::io_context io;
    std::optional<Result<WriteAnswer>> first;
    boost::asio::co_spawn(
        io,
        world.use_cases.ingest.run(
            two_messages(), write_context(client_key("k1")), request_context()
        ),
        [&first](std::exception_ptr, Result<WriteAnswer> answer) { first = std::move(answer); }
    );
    io.poll();
    ASSERT_EQ(world.embeddings.waiting(), 1u);

    const Result<WriteAnswer> second = world.add(two_messages(), write_context(client_key("k1")));
    world.embeddings.release();
    io.restart();
    io.run_for(kPatience);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::conflict);
    ASSERT_TRUE(first);
    EXPECT_TRUE(first->has_value());
    const Result<WriteAnswer> third = world.add(two_messages(), write_context(client_key("k1")));
    EXPECT_TRUE(third->replayed);
}

TEST(IngestConversation, NamesTheFieldOfAnInvalidConversationAndStoresNothing) {
    World world;
    Conversation conversation = two_messages();
    conversation.messages[1].author_type = std::string(65, 'r');

    const Result<WriteAnswer> answer = world.add(std::move(conversation));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(answer.error().pointer, "/messages/1/author_type");
    EXPECT_EQ(world.repository.calls("save"), 0);
    EXPECT_EQ(world.telemetry.count("ingest_conversations_total error"), 1);
    EXPECT_THAT(world.telemetry.lines(), IsEmpty());
}

TEST(IngestConversation, FailsWithAnEmbeddingErrorInTheLogWhenTheProviderIsDown) {
    World world;
    world.embeddings.fail_with(ErrorCode::unavailable);

    const Result<WriteAnswer> answer = world.add(two_messages());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    const std::vector<LogLine> lines = world.telemetry.lines();
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0].level, LogLevel::error);
    EXPECT_THAT(lines[0].message, HasSubstr("EmbeddingError"));
    EXPECT_THAT(lines[0].fields, testing::Contains(Pair("reason", "\"unavailable\"")));
    EXPECT_EQ(lines[1].message, "Conversation could not be ingested");
    EXPECT_EQ(world.telemetry.count("embedding_errors_total fake unavailable"), 1);
    EXPECT_EQ(world.repository.calls("save"), 0);
}

TEST(IngestConversation, DoesNoWorkWhileTheModelLoads) {
    World world;
    world.embeddings.set_status({EmbeddingState::loading, {}});

    const Result<WriteAnswer> answer = world.add(two_messages());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    EXPECT_EQ(world.work_pool.jobs(), 0u);
    EXPECT_THAT(world.embeddings.batches(), IsEmpty());
    for (const LogLine& line : world.telemetry.lines()) {
        EXPECT_THAT(line.message, testing::Not(HasSubstr("EmbeddingError")));
    }
}

TEST(IngestConversation, SaysWhyTheModelCannotBeUsed) {
    for (const EmbeddingState state : {EmbeddingState::failed, EmbeddingState::down}) {
        World world;
        world.embeddings.set_status({state, "the weights are damaged"});

        const Result<WriteAnswer> answer = world.add(two_messages());

        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
        EXPECT_THAT(answer.error().message, HasSubstr("the weights are damaged"));
        EXPECT_THAT(world.embeddings.batches(), IsEmpty());
    }
}

TEST(IngestConversation, GoesOnWhenTheProviderIsBack) {
    World world;
    world.embeddings.go_down();
    ASSERT_FALSE(world.add(two_messages()));

    world.embeddings.come_back();

    EXPECT_TRUE(world.add(two_messages()));
}

TEST(IngestConversation, EmbedsInBatchesThatTheProviderLikes) {
    World world;
    world.embeddings.set_preferred_batch(1);

    ASSERT_TRUE(world.add(two_messages()));

    EXPECT_THAT(world.embeddings.batches(), ElementsAre(1, 1));
}

TEST(IngestConversation, PassesOnWhatTheRepositoryCannotDo) {
    for (const char* call : {"find_known", "save"}) {
        World world;
        world.repository.fail_with(call, ErrorCode::no_space);

        const Result<WriteAnswer> answer = world.add(two_messages());

        ASSERT_FALSE(answer) << call;
        EXPECT_EQ(answer.error().code, ErrorCode::no_space) << call;
        const LogLine line = world.telemetry.lines().back();
        EXPECT_EQ(line.level, LogLevel::error);
        EXPECT_EQ(line.fields.at("error"), "\"no_space\"");
    }
}

TEST(IngestConversation, FailsWhenItsKeyCannotBeLookedUp) {
    World world;
    world.repository.fail_with("find_known", ErrorCode::timeout);

    const Result<WriteAnswer> answer = world.add(two_messages(), write_context(client_key("k")));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timeout);
}

TEST(IngestConversation, FailsWhenThePoolIsFull) {
    World world;
    world.work_pool.refuse_with(ErrorCode::overloaded);

    const Result<WriteAnswer> answer = world.add(two_messages());

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::overloaded);
    EXPECT_THAT(world.embeddings.batches(), IsEmpty());
}

TEST(IngestConversation, StoresNothingAfterItsDeadline) {
    World world;
    const CallContext late = within(std::chrono::milliseconds(0));

    const Result<WriteAnswer> answer =
        await(world.use_cases.ingest.run(two_messages(), write_context(), late));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timeout);
    EXPECT_EQ(await(world.repository.counts(within(std::chrono::seconds(1))))->conversations, 0);
}

TEST(IngestConversation, EmbedsALargeConversationInBoundedBatchesAFewAtOnce) {
    World world;
    Conversation conversation;
    for (int number = 0; number < 1'000; ++number) {
        const std::string text = "message number " + std::to_string(number);
        conversation.messages.push_back(message(number % 2 == 0 ? "ana" : "ben", text));
    }

    const Result<WriteAnswer> answer = world.add(std::move(conversation));

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->outcome.chunks_written, 1'000);
    EXPECT_THAT(world.embeddings.batches(), ElementsAre(256, 256, 256, 232));
    // Each text has its own embedding: the best match of a text is that text.
    const Result<SearchResponse> found =
        world.find({.query = "number 777", .top_k = 1, .mode = SearchMode::dense});
    EXPECT_THAT(texts(*found), ElementsAre("ben: message number 777"));
}

TEST(IngestConversation, HasTwoBatchesInFlight) {
    World world;
    Conversation conversation;
    for (int number = 0; number < 1'000; ++number) {
        const std::string text = "message number " + std::to_string(number);
        conversation.messages.push_back(message(number % 2 == 0 ? "ana" : "ben", text));
    }
    world.embeddings.hold();
    boost::asio::io_context io;
    std::optional<Result<WriteAnswer>> answer;
    boost::asio::co_spawn(
        io,
        world.use_cases.ingest.run(std::move(conversation), write_context(), request_context()),
        [&answer](std::exception_ptr, Result<WriteAnswer> value) { answer = std::move(value); }
    );

    io.poll();
    EXPECT_EQ(world.embeddings.waiting(), 2u);
    world.embeddings.release();
    io.restart();
    io.run_for(kPatience);

    EXPECT_EQ(world.embeddings.most_at_once(), 2u);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->has_value());
}

TEST(IngestConversation, StoresNothingOfALargeConversationWhenALaterBatchFails) {
    World world;
    Conversation conversation;
    for (int number = 0; number < 1'500; ++number) {
        const std::string text = "message number " + std::to_string(number);
        conversation.messages.push_back(message(number % 2 == 0 ? "ana" : "ben", text));
    }
    world.embeddings.fail_with(ErrorCode::overloaded, 2);

    const Result<WriteAnswer> answer = world.add(std::move(conversation));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::overloaded);
    EXPECT_LT(world.embeddings.batches().size(), 6u);  // The rest was not tried.
    EXPECT_EQ(world.repository.calls("save"), 0);
}

TEST(IngestConversation, FindsAMessageWithoutWordsByWhatStandsAtItsEnd) {
    World world;
    Conversation conversation = two_messages();
    conversation.messages.insert(
        conversation.messages.begin() + 1, message("ana", text_without_words())
    );

    const Result<WriteAnswer> answer = world.add(conversation);

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->outcome.chunks_written, 3);
    EXPECT_THAT(answer->outcome.messages_without_words, ElementsAre(1));
    for (const std::string query : {"needle", "q999x", "q0x", "q500x"}) {
        const Result<SearchResponse> found =
            world.find({.query = query, .top_k = 1, .mode = SearchMode::lexical});
        ASSERT_THAT(found->results, SizeIs(1)) << query;
        EXPECT_EQ(found->results[0].chunk.stored.chunk.message_start, 1) << query;
        EXPECT_THAT(found->results[0].chunk.stored.chunk.text, StartsWith("ana: q0x q1x"));
    }
    ASSERT_THAT(world.embeddings.batches(), ElementsAre(3));
}

TEST(IngestConversation, SaysWhichMessagesHoldNoWordsWhereTheSenderHasThem) {
    World world;
    Conversation conversation = two_messages();
    conversation.header.external_id = "c-1";
    ASSERT_TRUE(world.add(conversation));
    conversation.messages.push_back(message("ana", "and then"));
    conversation.messages.push_back(message("ben", text_without_words()));

    const Result<WriteAnswer> grown = world.add(conversation);

    ASSERT_TRUE(grown) << grown.error().message;
    EXPECT_TRUE(grown->outcome.extended);
    EXPECT_THAT(grown->outcome.messages_without_words, ElementsAre(3));
}

TEST(IngestConversation, SaysAgainForARepeatedKeyWhichMessagesHoldNoWords) {
    World world;
    Conversation conversation = two_messages();
    conversation.messages[1].content = text_without_words();
    world.add(conversation, write_context(client_key("k1"), 7));

    const Result<WriteAnswer> again = world.add(conversation, write_context(client_key("k1"), 7));

    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
    EXPECT_THAT(again->outcome.messages_without_words, ElementsAre(1));
}

}  // namespace
}  // namespace rag::test
