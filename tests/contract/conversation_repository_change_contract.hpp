#pragma once

#include <gmock/gmock.h>

#include "contract/conversation_repository_reading_contract.hpp"

namespace rag::test {

// The part of the contract that changes what is stored.

inline NewConversation named(std::string name, std::vector<Message> messages) {
    NewConversation made = conversation_of(std::move(messages));
    made.conversation.header.external_id = std::move(name);
    made.fingerprint = fingerprint(made.conversation);
    return made;
}

/// A change of what the repository holds now.
inline ConversationChange change_of(ConversationRepository& repository, ConversationId id) {
    const auto found = await(repository.get(id, within(std::chrono::seconds(30))));
    ConversationChange change;
    change.conversation_id = id;
    change.fingerprint_before = found->fingerprint;
    change.fingerprint_after = found->fingerprint;
    change.fingerprint_after[0] ^= 1;
    return change;
}

inline CorrectedHeader titled(std::string title) {
    CorrectedHeader made;
    made.header.scenario_title = std::move(title);
    made.corrections["scenario_title"] = "before";
    made.changed = true;
    return made;
}

TEST_P(ConversationRepositoryContract, AConversationIsFoundByWhatItsSenderCallsIt) {
    const ConversationId id = saved(named("thread", {said("ana", "word")}));
    const ConversationId other = saved(named("other", {said("ana", "word")}));

    const SoughtConversation by_name{{}, "thread"};
    const auto known = await(repository().find_known({}, by_name, soon()));
    const SoughtConversation nothing{{}, "nobody"};
    const auto unknown = await(repository().find_known({}, nothing, soon()));
    const auto again = await(repository().save(named("thread", {said("bo", "else")}), {}, soon()));
    ListQuery query;
    query.external_id = "other";

    ASSERT_TRUE(known && known->named);
    EXPECT_EQ(known->named->id, id);
    ASSERT_TRUE(unknown);
    EXPECT_FALSE(unknown->named);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->stale);
    EXPECT_EQ(await(repository().counts(soon()))->conversations, 2);
    EXPECT_THAT(listed(query), ElementsAre(other));
}

TEST_P(ConversationRepositoryContract, AChangedHeaderIsWhatSearchesGoBy) {
    const ConversationId id = saved(conversation_of({said("ana", "word"), said("bo", "noon")}));
    saved(conversation_of({said("ana", "word elsewhere")}, "new"));
    ConversationChange change = change_of(repository(), id);
    change.header = titled("new");
    change.outcome.updated = true;

    const auto answer = await(repository().change(change, with_key("k"), soon()));
    const auto repeated = await(repository().change(change, with_key("k"), soon()));
    const auto late = await(repository().change(change, {}, soon()));

    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->stale);
    EXPECT_TRUE(answer->outcome.updated);
    EXPECT_EQ(answer->outcome.header.scenario_title, "new");
    EXPECT_EQ(answer->outcome.messages_total, 2);
    ASSERT_TRUE(repeated);
    EXPECT_TRUE(repeated->replayed);
    EXPECT_TRUE(repeated->outcome.updated);
    ASSERT_TRUE(late);
    EXPECT_TRUE(late->stale);
    const auto found = await(repository().get(id, soon()));
    EXPECT_EQ(found->header.scenario_title, "new");
    EXPECT_EQ(found->corrections.at("scenario_title"), "before");
    ChunkQuery query = words({"word", "noon"});
    query.filter.scenario_title = "new";
    EXPECT_EQ(candidates(query).candidates.size(), 3u);
    query.filter.scenario_title = "t";
    EXPECT_TRUE(candidates(query).candidates.empty());
    EXPECT_THAT(await(repository().verify(soon()))->problems, IsEmpty());
}

TEST_P(ConversationRepositoryContract, ChangedTimesAreWhatFiltersAndListsGoBy) {
    const ConversationId id =
        saved(conversation_of({said_at("ana", "word", 1'000), said_at("bo", "noon", 2'000)}));
    ConversationChange change = change_of(repository(), id);
    Message later = said_at("ana", "word", 9'000);
    later.metadata = {"{\"a\": 1}", "{\"a\":1}"};
    change.changed = {{0, later}};

    const auto answer = await(repository().change(std::move(change), {}, soon()));

    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome.first_message_at, Timestamp{2'000});
    EXPECT_EQ(answer->outcome.last_message_at, Timestamp{9'000});
    const auto messages = read_messages(id, {0, 1});
    EXPECT_EQ((*messages)[0].message.timestamp, Timestamp{9'000});
    EXPECT_EQ((*messages)[0].message.metadata.raw, "{\"a\": 1}");
    ChunkQuery query = words({"word"});
    query.filter.date_from = Timestamp{8'000};
    EXPECT_EQ(candidates(query).candidates.size(), 1u);
    query.filter.date_from = Timestamp{10'000};
    EXPECT_TRUE(candidates(query).candidates.empty());
    EXPECT_THAT(await(repository().verify(soon()))->problems, IsEmpty());
}

TEST_P(ConversationRepositoryContract, AConversationGrowsByAChangeAndIsReplacedByOne) {
    const ConversationId id = saved(named("thread", {said("ana", "old word")}));
    saved(conversation_of({said("bo", "between")}));
    ConversationChange grown = change_of(repository(), id);
    grown.header = titled("new");
    grown.messages = {said("bo", "added noon")};
    grown.chunks = chunks_for(grown.messages, 1);
    grown.outcome.extended = true;

    const auto extended = await(repository().change(std::move(grown), {}, soon()));

    ASSERT_TRUE(extended);
    EXPECT_EQ(extended->outcome.messages_written, 1);
    EXPECT_EQ(extended->outcome.messages_total, 2);
    EXPECT_EQ(extended->outcome.chunks_total, 2);
    EXPECT_EQ(candidates(words({"old", "noon"})).candidates.size(), 2u);
    EXPECT_THAT(await(repository().verify(soon()))->problems, IsEmpty());

    ConversationChange other = change_of(repository(), id);
    other.replaces = true;
    other.messages = {said("cy", "only lunch"), said("cy", "and tea")};
    other.chunks = chunks_for(other.messages, 2);
    other.outcome.replaced = true;
    const auto replaced = await(repository().change(std::move(other), {}, soon()));

    ASSERT_TRUE(replaced);
    EXPECT_EQ(replaced->outcome.conversation_id, id);
    EXPECT_EQ(replaced->outcome.messages_total, 2);
    EXPECT_TRUE(candidates(words({"old", "noon"})).candidates.empty());
    EXPECT_EQ(candidates(words({"lunch", "tea"})).candidates.size(), 2u);
    EXPECT_EQ(read_messages(id, {0, 9})->size(), 2u);
    const auto counts = await(repository().counts(soon()));
    EXPECT_EQ(counts->messages, 3);
    EXPECT_EQ(counts->chunks, 3);
    EXPECT_EQ(counts->chunks_without_embedding, 0);
    EXPECT_THAT(await(repository().verify(soon()))->problems, IsEmpty());
}

TEST_P(ConversationRepositoryContract, WhatWasChangedIsThereWhenTheStoreIsOpenedAgain) {
    const ConversationId id = saved(named("thread", {said("ana", "old word"), said("bo", "noon")}));
    ConversationChange change = change_of(repository(), id);
    change.header = titled("new");
    change.messages = {said("bo", "added word")};
    change.chunks = chunks_for(change.messages, 1);
    ASSERT_TRUE(await(repository().change(std::move(change), {}, soon())));
    ChunkQuery query = words({"word", "noon"});
    query.filter.scenario_title = "new";
    const std::size_t before = candidates(query).candidates.size();

    if (!under_test->reopen()) GTEST_SKIP() << "this store forgets everything when it goes";

    EXPECT_EQ(before, 3u);
    EXPECT_EQ(candidates(query).candidates.size(), before);
    EXPECT_EQ(await(repository().get(id, soon()))->corrections.count("scenario_title"), 1u);
    EXPECT_THAT(await(repository().verify(soon()))->problems, IsEmpty());
}

TEST_P(ConversationRepositoryContract, ListsGoByActivityOrByTheFirstWrite) {
    const ConversationId late = saved(conversation_of({said_at("ana", "a", 5'000)}));
    const ConversationId early =
        saved(conversation_of({said_at("ana", "b", 1'000), said_at("ana", "c", 2'000)}));
    const ConversationId between = saved(conversation_of({said_at("ana", "d", 3'000)}));

    ListQuery by_activity;
    ListQuery by_write;
    by_write.order = ListOrder::created;
    ListQuery second_page;
    second_page.after = ListPlace{{3'000}, between};

    EXPECT_THAT(listed(by_activity), ElementsAre(late, between, early));
    EXPECT_THAT(listed(by_write), ElementsAre(between, early, late));
    EXPECT_THAT(listed(second_page), ElementsAre(early));
    const auto found = await(repository().get(early, soon()));
    EXPECT_EQ(found->first_message_at, Timestamp{1'000});
    EXPECT_EQ(found->last_message_at, Timestamp{2'000});
}

}  // namespace rag::test
