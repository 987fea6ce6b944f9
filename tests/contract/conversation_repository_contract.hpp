#pragma once

#include <gmock/gmock.h>

#include <thread>

#include "contract/repository_fixture.hpp"
#include "domain/lexical.hpp"

namespace rag::test {

/// What every ConversationRepository promises. A runner instantiates it:
///
///   INSTANTIATE_TEST_SUITE_P(Fake, ConversationRepositoryContract, testing::Values(factory));

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Saving.

TEST_P(ConversationRepositoryContract, GivesBackWhatWasSavedVerbatim) {
    NewConversation conversation =
        conversation_of({said("ana", " two\nlines \t"), said("bo", "é")});
    ConversationHeader& header = conversation.conversation.header;
    header.original_title = "Original";
    header.url = "not judged";
    header.external_id = "e-1";
    header.metadata = {"{ \"a\" : 1.0}", "{\"a\":1.0}"};
    Message& first = conversation.conversation.messages[0];
    first.timestamp = Timestamp{1'700'000'000'123};
    first.external_id = "m-1";
    first.metadata = {"{\"b\":  [2]}", "{\"b\":[2]}"};
    Message& second = conversation.conversation.messages[1];
    second.author_name.reset();
    second.author_type = "ai";

    const ConversationId id = saved(std::move(conversation));

    const auto summary = await(repository().get(id, soon()));
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->header.scenario_title, "t");
    EXPECT_EQ(summary->header.original_title, "Original");
    EXPECT_EQ(summary->header.url, "not judged");
    EXPECT_EQ(summary->header.external_id, "e-1");
    EXPECT_EQ(summary->header.metadata.raw, "{ \"a\" : 1.0}");
    EXPECT_EQ(summary->message_count, 2);
    EXPECT_EQ(summary->chunk_count, 2);
    EXPECT_GT(summary->created_at.ms, 0);
    const auto messages = read_messages(id, {0, 1});
    ASSERT_TRUE(messages);
    ASSERT_EQ(messages->size(), 2u);
    EXPECT_EQ((*messages)[0].index, 0);
    EXPECT_EQ((*messages)[0].message.content, " two\nlines \t");
    EXPECT_EQ((*messages)[0].message.timestamp, Timestamp{1'700'000'000'123});
    EXPECT_EQ((*messages)[0].message.external_id, "m-1");
    EXPECT_EQ((*messages)[0].message.metadata.raw, "{\"b\":  [2]}");
    EXPECT_EQ((*messages)[1].message.author_name, std::nullopt);
    EXPECT_EQ((*messages)[1].message.author_type, "ai");
    EXPECT_EQ((*messages)[1].message.metadata.raw, "");
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_P(ConversationRepositoryContract, SavingTellsWhatWasDone) {
    const Result<WriteAnswer> answer = save(conversation_of({said("ana", "one"), said("bo", "2")}));

    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->replayed);
    EXPECT_FALSE(answer->outcome.duplicate);
    EXPECT_EQ(answer->outcome.messages_written, 2);
    EXPECT_EQ(answer->outcome.chunks_written, 2);
    EXPECT_EQ(answer->outcome.messages_total, 2);
    EXPECT_EQ(answer->outcome.chunks_total, 2);
    EXPECT_EQ(answer->outcome.header.scenario_title, "t");
}

TEST_P(ConversationRepositoryContract, TheSameContentAgainIsADuplicateOfTheFirst) {
    const ConversationId first = saved(conversation_of({said("ana", "hello")}));
    saved(conversation_of({said("ana", "other")}));

    const Result<WriteAnswer> again = save(conversation_of({said("ana", "hello")}));

    ASSERT_TRUE(again);
    EXPECT_TRUE(again->outcome.duplicate);
    EXPECT_EQ(again->outcome.conversation_id, first);
    EXPECT_EQ(again->outcome.messages_written, 0);
    EXPECT_EQ(again->outcome.chunks_written, 0);
    EXPECT_EQ(again->outcome.messages_total, 1);
    EXPECT_EQ(counts().conversations, 2);
    NewConversation probe = conversation_of({said("ana", "hello")});
    const auto known = await(repository().find_known({}, sought(probe.fingerprint), soon()));
    ASSERT_TRUE(known && known->duplicate);
    EXPECT_FALSE(known->answer);
    EXPECT_EQ(known->duplicate->conversation_id, first);
    EXPECT_TRUE(known->duplicate->duplicate);
    probe.conversation.messages[0].external_id = "x";
    const encoding::Digest other = fingerprint(probe.conversation);
    EXPECT_FALSE(await(repository().find_known({}, sought(other), soon()))->duplicate);
    EXPECT_FALSE(await(repository().find_known({}, std::nullopt, soon()))->duplicate);
}

TEST_P(ConversationRepositoryContract, ContentDiffersByEveryFieldThatWasSent) {
    saved(conversation_of({said("ana", "hello")}));
    const std::vector<std::function<void(Conversation&)>> changes{
        [](Conversation& c) { c.header.scenario_title = "u"; },
        [](Conversation& c) { c.header.scenario_title.reset(); },
        [](Conversation& c) { c.header.original_title = ""; },
        [](Conversation& c) { c.header.url = "u"; },
        [](Conversation& c) { c.header.external_id = "e"; },
        [](Conversation& c) {
            c.header.metadata = {"{}", "{}"};
        },
        [](Conversation& c) { c.messages[0].author_name = "bo"; },
        [](Conversation& c) { c.messages[0].author_type = "human"; },
        [](Conversation& c) { c.messages[0].timestamp = Timestamp{0}; },
        [](Conversation& c) { c.messages[0].external_id = "e"; },
        [](Conversation& c) {
            c.messages[0].metadata = {"{}", "{}"};
        },
        [](Conversation& c) { c.messages[0].content = "hello "; },
    };

    for (const auto& change : changes) {
        NewConversation changed = conversation_of({said("ana", "hello")});
        change(changed.conversation);
        EXPECT_FALSE(save(std::move(changed))->outcome.duplicate);
    }

    EXPECT_EQ(counts().conversations, 1 + static_cast<std::int64_t>(changes.size()));
}

TEST_P(ConversationRepositoryContract, ConcurrentSavesOfOneContentStoreItOnce) {
    constexpr int kWriters = 8;
    std::vector<std::thread> writers;
    std::atomic<int> stored = 0;
    for (int i = 0; i < kWriters; ++i) {
        writers.emplace_back([&] {
            const Result<WriteAnswer> answer = save(conversation_of({said("ana", "at once")}));
            if (answer && !answer->outcome.duplicate) ++stored;
        });
    }
    for (std::thread& writer : writers) writer.join();

    EXPECT_EQ(stored, 1);
    EXPECT_EQ(counts().conversations, 1);
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_P(ConversationRepositoryContract, IdsRiseAndAreNeverUsedAgain) {
    saved(conversation_of({said("ana", "one")}));
    const ConversationId second = saved(conversation_of({said("ana", "two")}));
    const ChunkId chunk = read_chunks(second).value().front().id;
    ASSERT_TRUE(remove(second));
    under_test->reopen();
    ASSERT_TRUE(await(repository().use_space(test_space(), soon())));

    const ConversationId third = saved(conversation_of({said("ana", "three")}));

    EXPECT_GT(third, second);
    EXPECT_GT(read_chunks(third).value().front().id, chunk);
}

// Keys.

TEST_P(ConversationRepositoryContract, ARepeatedKeyGivesTheOutcomeOfTheFirstTime) {
    NewConversation sent = conversation_of({said("ana", "one"), said("ben", "two")});
    sent.messages_without_words = {0, 1};
    const Result<WriteAnswer> first = save(sent, with_key("k"));
    const Result<WriteAnswer> again = save(sent, with_key("k"));

    ASSERT_TRUE(first && again);
    EXPECT_FALSE(first->replayed);
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(first->outcome.messages_without_words, sent.messages_without_words);
    EXPECT_TRUE(same_outcome(again->outcome, first->outcome));
    const auto known = await(repository().find_known(with_key("k"), std::nullopt, soon()));
    ASSERT_TRUE(known && known->answer);
    EXPECT_TRUE(same_outcome(known->answer->outcome, first->outcome));
    EXPECT_TRUE(known->answer->replayed);
    EXPECT_EQ(counts().conversations, 1);
}

TEST_P(ConversationRepositoryContract, AKeyWithAnotherBodyIsRefused) {
    ASSERT_TRUE(save(conversation_of({said("ana", "one")}), with_key("k", 1)));

    const Result<WriteAnswer> other = save(conversation_of({said("ana", "2")}), with_key("k", 2));

    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::key_reused);
    EXPECT_EQ(counts().conversations, 1);
    const auto known = await(repository().find_known(with_key("k", 2), std::nullopt, soon()));
    ASSERT_FALSE(known);
    EXPECT_EQ(known.error().code, ErrorCode::key_reused);
}

TEST_P(ConversationRepositoryContract, AKeyThatTheVersionBeforeHasKeptIsKnownByItsDigestToo) {
    ASSERT_TRUE(save(conversation_of({said("ana", "one")}), with_key("k", 1)));

    WriteContext later = with_key("k", 2);
    later.former_digest = with_key("k", 1).request_digest;
    EXPECT_TRUE(save(conversation_of({said("ana", "one")}), later)->replayed);
    later.former_digest = with_key("k", 3).request_digest;
    EXPECT_EQ(
        save(conversation_of({said("ana", "one")}), later).error().code, ErrorCode::key_reused
    );
}

TEST_P(ConversationRepositoryContract, AKeyIsForgottenAfterADay) {
    ASSERT_TRUE(save(conversation_of({said("ana", "one")}), with_key("k", 1)));

    under_test->pass_time(std::chrono::hours(23));
    EXPECT_TRUE(save(conversation_of({said("ana", "one")}), with_key("k", 1))->replayed);
    under_test->pass_time(std::chrono::hours(2));
    const Result<WriteAnswer> other = save(conversation_of({said("ana", "2")}), with_key("k", 2));

    ASSERT_TRUE(other) << other.error().message;
    EXPECT_FALSE(other->replayed);
    EXPECT_TRUE(save(conversation_of({said("ana", "2")}), with_key("k", 2))->replayed);
}

TEST_P(ConversationRepositoryContract, KeysOfClientsAndOfForwardersAreApart) {
    WriteContext both = with_key("k");
    both.keys.push_back({WriteKey::Scope::forward, "f"});
    ASSERT_TRUE(save(conversation_of({said("ana", "one")}), both));

    WriteContext forward = with_key("f");
    EXPECT_FALSE(save(conversation_of({said("ana", "2")}), forward)->replayed);
    forward.keys[0].scope = WriteKey::Scope::forward;
    EXPECT_TRUE(save(conversation_of({said("ana", "3")}), forward)->replayed);
    EXPECT_TRUE(save(conversation_of({said("ana", "4")}), with_key("k"))->replayed);
}

TEST_P(ConversationRepositoryContract, ADuplicateUsesItsKeyUp) {
    saved(conversation_of({said("ana", "one")}));
    const NewConversation same = conversation_of({said("ana", "one")});
    const auto known = await(repository().find_known({}, sought(same.fingerprint), soon()));
    ASSERT_TRUE(known && known->duplicate);
    const WriteOutcome duplicate = *known->duplicate;

    const auto first = await(repository().save_duplicate(duplicate, with_key("k"), soon()));
    const auto again = await(repository().save_duplicate(duplicate, with_key("k"), soon()));

    ASSERT_TRUE(first && again);
    EXPECT_TRUE(first->outcome.duplicate);
    EXPECT_FALSE(first->replayed);
    EXPECT_TRUE(again->replayed);
    EXPECT_TRUE(same_outcome(again->outcome, first->outcome));
    ASSERT_TRUE(remove(duplicate.conversation_id));
    const auto gone = await(repository().save_duplicate(duplicate, with_key("l"), soon()));
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ErrorCode::not_found);
}

// Appending and removing.

TEST_P(ConversationRepositoryContract, AppendedMessagesFollowThoseThatAreThere) {
    const ConversationId id = saved(conversation_of({said("ana", "one"), said("bo", "two")}));

    const Result<WriteAnswer> answer = append(id, {said("ana", "three"), said("bo", "four")});

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->outcome.messages_written, 2);
    EXPECT_EQ(answer->outcome.chunks_written, 2);
    EXPECT_EQ(answer->outcome.messages_total, 4);
    EXPECT_EQ(answer->outcome.chunks_total, 4);
    const auto messages = read_messages(id, {2, 100});
    ASSERT_EQ(messages->size(), 2u);
    EXPECT_EQ((*messages)[0].index, 2);
    EXPECT_EQ((*messages)[0].message.content, "three");
    const auto chunks = read_chunks(id);
    ASSERT_EQ(chunks->size(), 4u);
    EXPECT_EQ((*chunks)[3].chunk.order_index, 3);
    EXPECT_EQ((*chunks)[3].chunk.message_start, 3);
    EXPECT_EQ((*chunks)[3].chunk.message_end, 3);
    EXPECT_THAT(found(words({"four"})), ElementsAre("bo: four"));
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_P(ConversationRepositoryContract, AfterAnAppendWhatIsThereNowCounts) {
    const ConversationId grown = saved(conversation_of({said("ana", "one")}));
    const ConversationId whole = saved(conversation_of({said("ana", "one"), said("bo", "two")}));
    ASSERT_TRUE(append(grown, {said("bo", "two")}));

    const Result<WriteAnswer> long_one =
        save(conversation_of({said("ana", "one"), said("bo", "two")}));
    const Result<WriteAnswer> short_one = save(conversation_of({said("ana", "one")}));

    EXPECT_LT(grown, whole);
    EXPECT_TRUE(long_one->outcome.duplicate);
    EXPECT_EQ(long_one->outcome.conversation_id, grown);
    EXPECT_FALSE(short_one->outcome.duplicate);
}

TEST_P(ConversationRepositoryContract, AppendsThatMeetCountTogether) {
    const ConversationId id = saved(conversation_of({said("ana", "one")}));
    const encoding::Digest before = await(repository().get(id, soon()))->fingerprint;
    ASSERT_TRUE(append(id, {said("bo", "two")}));

    // Prepared before the other one was stored.
    NewMessages late;
    late.conversation_id = id;
    late.messages = {said("cy", "three")};
    late.chunks = chunks_for(late.messages);
    late.fingerprint_before = before;
    late.fingerprint_after = extended_fingerprint(before, late.messages);
    ASSERT_TRUE(await(repository().append(std::move(late), 100, without_key(), soon())));

    EXPECT_TRUE(save(conversation_of({said("ana", "one"), said("bo", "two"), said("cy", "three")}))
                    ->outcome.duplicate);
}

TEST_P(ConversationRepositoryContract, AnAppendThatCannotBeLeavesNothingBehind) {
    const ConversationId id = saved(conversation_of({said("ana", "one")}));

    const Result<WriteAnswer> nowhere = append({id.value + 1}, {said("bo", "two")});
    const Result<WriteAnswer> too_many =
        append(id, {said("bo", "two"), said("bo", "three")}, with_key("k"), 2);

    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
    ASSERT_FALSE(too_many);
    EXPECT_EQ(too_many.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(counts().messages, 1);
    EXPECT_FALSE(append(id, {said("bo", "two")}, with_key("k"), 2)->replayed);
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_P(ConversationRepositoryContract, ARepeatedAppendOrDeleteIsDoneOnce) {
    const ConversationId id = saved(conversation_of({said("ana", "one")}));

    ASSERT_TRUE(append(id, {said("bo", "two")}, with_key("a")));
    EXPECT_TRUE(append(id, {said("bo", "two")}, with_key("a"))->replayed);
    EXPECT_EQ(counts().messages, 2);
    ASSERT_TRUE(remove(id, with_key("d")));
    const Result<WriteAnswer> again = remove(id, with_key("d"));

    ASSERT_TRUE(again);
    EXPECT_TRUE(again->replayed);
}

TEST_P(ConversationRepositoryContract, ARemovedConversationIsGoneEverywhere) {
    const ConversationId kept = saved(conversation_of({said("ana", "shared kept")}));
    const ConversationId id = saved(conversation_of({said("bo", "shared gone"), said("bo", "b")}));
    const ChunkId chunk = read_chunks(id).value().front().id;

    const Result<WriteAnswer> answer = remove(id);

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome.conversation_id, id);
    EXPECT_EQ(answer->outcome.chunks_deleted, 2);
    EXPECT_EQ(await(repository().get(id, soon())).error().code, ErrorCode::not_found);
    EXPECT_EQ(read_chunks(id).error().code, ErrorCode::not_found);
    EXPECT_EQ(read_messages(id, {0, 9}).error().code, ErrorCode::not_found);
    EXPECT_THAT(load({chunk}), IsEmpty());
    EXPECT_THAT(listed({}), ElementsAre(kept));
    EXPECT_THAT(found(words({"shared"})), ElementsAre("ana: shared kept"));
    EXPECT_EQ(counts().chunks, 1);
    EXPECT_EQ(remove(id).error().code, ErrorCode::not_found);
    EXPECT_FALSE(
        save(conversation_of({said("bo", "shared gone"), said("bo", "b")}))->outcome.duplicate
    );
    EXPECT_THAT(problems(), IsEmpty());
}

}  // namespace rag::test
