#pragma once

#include <gmock/gmock.h>

#include "contract/conversation_repository_contract.hpp"

namespace rag::test {

// The part of the contract that reads and searches.

inline Message said_at(std::string author, std::string content, std::int64_t ms) {
    Message message = said(std::move(author), std::move(content));
    message.timestamp = Timestamp{ms};
    return message;
}

inline ListPlace place_of(const ConversationSummary& conversation) {
    return {conversation.last_message_at, conversation.id};
}

TEST_P(ConversationRepositoryContract, ListsTheNewestFirstPageByPage) {
    std::vector<ConversationId> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(saved(conversation_of({said("ana", std::to_string(i))})));
    }

    const auto page = [&](const ListQuery& query) {
        return await(repository().list(query, soon())).value();
    };
    ListQuery query;
    query.limit = 2;
    const ConversationPage first = page(query);
    query.after = place_of(first.conversations.back());
    const ConversationPage second = page(query);
    query.after = place_of(second.conversations.back());
    const ConversationPage last = page(query);

    EXPECT_EQ(first.conversations[0].id, ids[4]);
    EXPECT_EQ(first.conversations[0].message_count, 1);
    EXPECT_TRUE(first.more);
    EXPECT_EQ(second.conversations[0].id, ids[2]);
    EXPECT_TRUE(second.more);
    ASSERT_EQ(last.conversations.size(), 1u);
    EXPECT_FALSE(last.more);
    query = {};
    query.skip = 3;
    EXPECT_THAT(listed(query), ElementsAre(ids[1], ids[0]));
    query.limit = 1;
    EXPECT_THAT(listed(query), ElementsAre(ids[1]));
}

TEST_P(ConversationRepositoryContract, ListsConversationsOfWhichOneMessageMatches) {
    Message by_tool = said_at("bo", "late", 2'000);
    by_tool.author_type = "function";
    const ConversationId a = saved(conversation_of({said_at("ana", "early", 1'000), by_tool}, "x"));
    const ConversationId b = saved(conversation_of({said("ana", "no time")}, "y"));

    const auto with = [&](auto change) {
        ListQuery query;
        change(query.filter);
        return listed(query);
    };

    EXPECT_THAT(with([](Filter& f) { f.author_name = "bo"; }), ElementsAre(a));
    EXPECT_THAT(with([](Filter& f) { f.author_name = "ana"; }), ElementsAre(b, a));
    EXPECT_THAT(with([](Filter& f) { f.author_type = "tool"; }), ElementsAre(a));
    EXPECT_THAT(with([](Filter& f) { f.author_type = "user"; }), ElementsAre(b, a));
    EXPECT_THAT(with([](Filter& f) { f.author_type = "unknown"; }), IsEmpty());
    EXPECT_THAT(with([](Filter& f) { f.scenario_title = "y"; }), ElementsAre(b));
    EXPECT_THAT(with([&](Filter& f) { f.conversation_id = a; }), ElementsAre(a));
    // A message without a time counts with the time it was stored.
    EXPECT_THAT(with([](Filter& f) { f.date_from = Timestamp{2'000}; }), ElementsAre(b, a));
    EXPECT_THAT(with([](Filter& f) { f.date_from = Timestamp{2'001}; }), ElementsAre(b));
    EXPECT_THAT(with([](Filter& f) { f.date_to = Timestamp{2'000}; }), ElementsAre(a));
    EXPECT_THAT(with([](Filter& f) { f.date_to = Timestamp{999}; }), IsEmpty());
    // One and the same message must match all of it.
    EXPECT_THAT(
        with([](Filter& f) {
            f.author_name = "ana";
            f.date_from = Timestamp{1'500};
            f.date_to = Timestamp{2'500};
        }),
        IsEmpty()
    );
    EXPECT_THAT(with([](Filter& f) { f.author_name = "nobody"; }), IsEmpty());
    for (const std::int64_t id : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) {
        EXPECT_THAT(with([id](Filter& f) { f.conversation_id = ConversationId{id}; }), IsEmpty());
    }
}

TEST_P(ConversationRepositoryContract, TextOfFiltersIsComparedAfterNfc) {
    const std::string composed = "Jos\u00e9";
    const std::string decomposed = "Jose\u0301";
    const ConversationId a = saved(conversation_of({said(composed, "word one")}, composed));
    const ConversationId b = saved(conversation_of({said(decomposed, "word two")}, decomposed));

    for (const std::string& spelling : {composed, decomposed}) {
        ListQuery by_author;
        by_author.filter.author_name = spelling;
        ListQuery by_title;
        by_title.filter.scenario_title = spelling;
        ChunkQuery query = words({"word"});
        query.filter.author_name = spelling;
        query.filter.scenario_title = spelling;

        EXPECT_THAT(listed(by_author), ElementsAre(b, a));
        EXPECT_THAT(listed(by_title), ElementsAre(b, a));
        EXPECT_EQ(candidates(query).candidates.size(), 2u);
    }

    EXPECT_EQ(await(repository().get(b, soon()))->header.scenario_title, decomposed);
    EXPECT_EQ(read_messages(b, {0, 0})->front().message.author_name, decomposed);
}

TEST_P(ConversationRepositoryContract, MessagesComeFromBothEndsInclusive) {
    const ConversationId id =
        saved(conversation_of({said("a", "0"), said("a", "1"), said("a", "2"), said("a", "3")}));

    const auto indices = [&](std::int64_t from, std::int64_t to) {
        std::vector<std::int64_t> result;
        const auto messages = read_messages(id, {from, to});
        EXPECT_TRUE(messages);
        for (const StoredMessage& message : *messages) result.push_back(message.index);
        return result;
    };

    EXPECT_THAT(indices(1, 2), ElementsAre(1, 2));
    EXPECT_THAT(indices(3, 9), ElementsAre(3));
    EXPECT_THAT(indices(4, 9), IsEmpty());
    EXPECT_THAT(indices(2, 1), IsEmpty());
}

TEST_P(ConversationRepositoryContract, LoadsChunksInTheOrderAskedForWithMessagesAround) {
    const ConversationId id =
        saved(conversation_of({said("a", "0"), said("a", "1"), said("a", "2"), said("a", "3")}));
    const auto chunks = read_chunks(id).value();

    const std::vector<LoadedChunk> loaded = load({chunks[2].id, ChunkId{9'999}, chunks[0].id}, 1);

    ASSERT_EQ(loaded.size(), 2u);
    EXPECT_EQ(loaded[0].stored.id, chunks[2].id);
    EXPECT_EQ(loaded[0].stored.chunk.text, "a: 2");
    EXPECT_EQ(loaded[0].tokens, 2u);
    EXPECT_EQ(loaded[0].conversation.id, id);
    EXPECT_EQ(loaded[0].conversation.header.scenario_title, "t");
    ASSERT_EQ(loaded[0].context.size(), 2u);
    EXPECT_EQ(loaded[0].context[0].index, 1);
    EXPECT_EQ(loaded[0].context[1].index, 3);
    ASSERT_EQ(loaded[1].context.size(), 1u);
    EXPECT_EQ(loaded[1].context[0].index, 1);
    EXPECT_THAT(load({chunks[2].id}, 0)[0].context, IsEmpty());
}

TEST_P(ConversationRepositoryContract, ReadsAreBoundedInBytes) {
    Message with_metadata = said("b", "12");
    with_metadata.metadata = {"{\"m\":1}", "{\"m\":1}"};
    const ConversationId id =
        saved(conversation_of({said("a", "1234"), with_metadata, said("c", "1234")}));

    // Content and metadata count: 4, 2 + 7, 4.
    EXPECT_EQ(read_messages(id, {0, 9}, 17)->size(), 3u);
    EXPECT_EQ(read_messages(id, {0, 9}, 16).error().code, ErrorCode::too_large);
    EXPECT_EQ(read_messages(id, {0, 1}, 13)->size(), 2u);
    EXPECT_EQ(read_messages(id, {1, 1}, 8).error().code, ErrorCode::too_large);
    // Of chunks, the text: "a: 1234" and so on.
    EXPECT_EQ(read_chunks(id, 19)->size(), 3u);
    EXPECT_EQ(read_chunks(id, 18).error().code, ErrorCode::too_large);
}

TEST_P(ConversationRepositoryContract, ContextBeyondTheBoundIsLeftOutAndSaidToBe) {
    const ConversationId id =
        saved(conversation_of({said("a", "1234"), said("b", "12"), said("c", "1234")}));
    const auto chunks = read_chunks(id).value();
    const std::vector<ChunkId> all{chunks[0].id, chunks[1].id, chunks[2].id};

    // The context of the first is 2 bytes, of the second 8, of the third 2.
    const std::vector<LoadedChunk> bounded = load(all, 1, 9);
    const std::vector<LoadedChunk> whole = load(all, 1, 12);

    ASSERT_EQ(bounded.size(), 3u);
    EXPECT_EQ(bounded[0].context.size(), 1u);
    EXPECT_FALSE(bounded[0].context_left_out);
    for (const std::size_t place : {1u, 2u}) {
        EXPECT_THAT(bounded[place].context, IsEmpty());
        EXPECT_TRUE(bounded[place].context_left_out);
    }
    for (const LoadedChunk& chunk : whole) EXPECT_FALSE(chunk.context_left_out);
    EXPECT_EQ(whole[1].context.size(), 2u);
    EXPECT_FALSE(load(all, 0, 0)[0].context_left_out);
}

// Searching.

TEST_P(ConversationRepositoryContract, FindsByWordsBestFirst) {
    saved(conversation_of({said("ana", "the backups moved"), said("bo", "lunch at noon")}));
    saved(conversation_of({said("cy", "backups backups bucket")}));

    const CandidateSet set = candidates(words({"backups", "bucket"}));

    EXPECT_EQ(set.chunk_total, 3u);
    EXPECT_THAT(
        found(words({"backups", "bucket"})),
        ElementsAre("cy: backups backups bucket", "ana: the backups moved")
    );
    // The neighbour comes along, unranked.
    ASSERT_EQ(set.candidates.size(), 3u);
    EXPECT_EQ(set.candidates[1].lexical_rank, 0);
    EXPECT_FLOAT_EQ(set.candidates[1].bm25_window, set.candidates[0].bm25 * lexical::kFade);
    EXPECT_EQ(set.authors[set.candidates[2].author], "cy");
}

TEST_P(ConversationRepositoryContract, FindsByEmbeddingNearestFirst) {
    saved(conversation_of({said("a", "0"), said("a", "1"), said("a", "2")}));
    ChunkQuery query;
    query.embedding = direction(0.21);
    query.pool_size = 2;

    const CandidateSet set = candidates(query);

    EXPECT_THAT(found(query), ElementsAre("a: 2", "a: 1"));
    ASSERT_EQ(set.candidates.size(), 3u);
    EXPECT_NEAR(set.candidates[2].cosine, std::cos(0.01), 1e-5);
    EXPECT_EQ(set.candidates[0].dense_rank, 0);
    query.mode = SearchMode::lexical;
    EXPECT_THAT(candidates(query).candidates, IsEmpty());
}

TEST_P(ConversationRepositoryContract, FiltersActInsideTheSearch) {
    for (int i = 0; i < 20; ++i) {
        saved(conversation_of({said_at("ana", "word " + std::to_string(i), i)}, "ana's"));
    }
    const ConversationId last = saved(conversation_of({said_at("bo", "word", 1'000)}, "bo's"));

    const auto texts = [&](auto change) {
        ChunkQuery query = words({"word"});
        query.embedding = direction(0);
        query.pool_size = 3;
        change(query.filter);
        return found(query);
    };

    EXPECT_THAT(texts([](Filter& f) { f.author_name = "bo"; }), ElementsAre("bo: word"));
    EXPECT_THAT(texts([](Filter& f) { f.scenario_title = "bo's"; }), ElementsAre("bo: word"));
    EXPECT_THAT(texts([&](Filter& f) { f.conversation_id = last; }), ElementsAre("bo: word"));
    EXPECT_THAT(texts([](Filter& f) { f.date_from = Timestamp{20}; }), ElementsAre("bo: word"));
    EXPECT_THAT(texts([](Filter& f) { f.date_to = Timestamp{0}; }), ElementsAre("ana: word 0"));
    EXPECT_EQ(texts([](Filter& f) { f.author_name = "ana"; }).size(), 3u);
    EXPECT_THAT(texts([](Filter& f) { f.author_type = "tool"; }), IsEmpty());
    EXPECT_THAT(texts([](Filter& f) { f.author_type = "unknown"; }), IsEmpty());
}

TEST_P(ConversationRepositoryContract, ComparesAuthorTypesByClassAndOtherWordsByThemselves) {
    const auto by = [](const std::string& type) {
        Message message = said("ana", "word of " + type);
        message.author_type = type;
        return message;
    };
    const ConversationId id =
        saved(conversation_of({by("Gpt"), by("model"), by("AI"), by("User")}));

    const auto texts = [&](const std::string& type) {
        ChunkQuery query = words({"word"});
        query.pool_size = 20;
        query.filter.author_type = type;
        return found(query);
    };
    const auto lists = [&](const std::string& type) {
        ListQuery query;
        query.filter.author_type = type;
        return listed(query);
    };

    EXPECT_THAT(texts("gpt"), ElementsAre("ana: word of Gpt"));
    EXPECT_EQ(texts("BOT").size(), 2u);
    EXPECT_THAT(texts("human"), ElementsAre("ana: word of User"));
    EXPECT_THAT(texts("claude"), IsEmpty());
    EXPECT_THAT(lists(" GPT "), ElementsAre(id));
    EXPECT_THAT(lists("claude"), IsEmpty());
}

TEST_P(ConversationRepositoryContract, ListsChunksInOrderOfTime) {
    saved(conversation_of({said_at("ana", "third", 3'000), said_at("bo", "first", 1'000)}, "x"));
    saved(conversation_of({said_at("ana", "second", 2'000)}, "y"));
    saved(conversation_of({said("ana", "now")}, "y"));

    const auto texts = [&](const TimelineQuery& query) {
        const Result<std::vector<ChunkPlace>> places = await(repository().timeline(query, soon()));
        std::vector<ChunkId> ids;
        for (const ChunkPlace& place : *places) ids.push_back(place.chunk_id);
        std::vector<std::string> read;
        for (const LoadedChunk& chunk : load(ids)) {
            read.push_back(chunk.stored.chunk.text);
        }
        return read;
    };

    EXPECT_THAT(
        texts({{}, true, 9}), ElementsAre("ana: now", "ana: third", "ana: second", "bo: first")
    );
    EXPECT_THAT(texts({{}, false, 2}), ElementsAre("bo: first", "ana: second"));
    Filter filter;
    filter.author_name = "ANA";
    filter.date_to = Timestamp{2'500};
    EXPECT_THAT(texts({filter, true, 9}), ElementsAre("ana: second"));
}

TEST_P(ConversationRepositoryContract, HintsAtTheValuesNearestToOneThatNothingHas) {
    const ConversationId gone = saved(conversation_of({said("Marten", "word")}, "Kitchen"));
    saved(conversation_of({said("Marta", "word"), said("Ben", "word")}, "Kitchen"));
    ASSERT_TRUE(remove(gone));

    Filter filter;
    filter.author_name = "martha";
    filter.author_type = "robot";
    filter.scenario_title = "kitchen";
    const Result<std::vector<FilterHint>> hints = await(repository().filter_hints(filter, soon()));

    ASSERT_TRUE(hints);
    ASSERT_EQ(hints->size(), 2u);
    EXPECT_EQ(hints->at(0).filter, "author_name");
    EXPECT_EQ(hints->at(0).value, "martha");
    EXPECT_THAT(hints->at(0).nearest, ElementsAre("Marta", "Ben"));
    EXPECT_EQ(hints->at(1).filter, "author_type");
    EXPECT_FALSE(hints->at(1).nearest.empty());
    filter = {};
    filter.author_name = "MARTA";
    EXPECT_THAT(*await(repository().filter_hints(filter, soon())), IsEmpty());
}

TEST_P(ConversationRepositoryContract, MatchesTokenVectorsOfTheChunkAndOfThoseAround) {
    saved(conversation_of({said("a", "word 0"), said("a", "1"), said("a", "2")}));
    ChunkQuery query = words({"word"});
    query.pieces.dimension = kVectorSize;
    query.pieces.ids = {1'000};
    query.pieces.vectors = direction(0);

    const CandidateSet set = candidates(query);

    ASSERT_EQ(set.piece_count, 1u);
    ASSERT_EQ(set.piece_frequency.size(), 1u);
    EXPECT_EQ(set.piece_frequency[0], 1u);
    ASSERT_EQ(set.candidates.size(), 2u);
    const Candidate& first = set.candidates[0];
    EXPECT_EQ(first.window[0], kNoRow);
    EXPECT_EQ(first.window[1], kNoRow);
    ASSERT_NE(first.window[2], kNoRow);
    ASSERT_NE(first.window[4], kNoRow);
    const auto match = [&](int place) {
        return set.piece_match[static_cast<std::size_t>(first.window[place])];
    };
    // Bits 1 and 3 have the first axis set, 2 has not.
    const double share = 1 / std::sqrt(static_cast<double>(kVectorSize));
    EXPECT_NEAR(match(2), share, 1e-5);
    EXPECT_NEAR(match(3), -share, 1e-5);
    EXPECT_NEAR(match(4), share, 1e-5);
}

// Spaces, counts, time.

TEST_P(ConversationRepositoryContract, VectorsOfAnotherSpaceAreKeptAndNotSearched) {
    saved(conversation_of({said("ana", "old word")}));
    ASSERT_TRUE(await(repository().use_space(test_space("other"), soon())));
    saved(conversation_of({said("ana", "new word")}));
    ChunkQuery query;
    query.embedding = direction(0);
    query.pool_size = 10;

    EXPECT_THAT(found(query), ElementsAre("ana: new word"));
    EXPECT_EQ(found(words({"word"})).size(), 2u);
    EXPECT_EQ(counts().chunks_without_embedding, 1);
    EXPECT_THAT(problems(), IsEmpty());
    ASSERT_TRUE(await(repository().use_space(test_space(), soon())));
    EXPECT_THAT(found(query), ElementsAre("ana: old word"));
}

TEST_P(ConversationRepositoryContract, TheStatusTellsAtOnceHowManyChunksTheSpaceLacks) {
    const auto lacking = [&] { return repository().status().chunks_without_embedding; };
    const ConversationId old = saved(conversation_of({said("ana", "old"), said("bo", "older")}));
    EXPECT_EQ(lacking(), 0);

    ASSERT_TRUE(await(repository().use_space(test_space("other"), soon())));
    EXPECT_EQ(lacking(), 2);
    saved(conversation_of({said("ana", "new")}));
    EXPECT_EQ(lacking(), 2);
    if (under_test->reopen()) {
        ASSERT_TRUE(await(repository().counts(soon())));
        EXPECT_EQ(lacking(), 2);
    }
    ASSERT_TRUE(remove(old));
    EXPECT_EQ(lacking(), 0);
}

TEST_P(ConversationRepositoryContract, CountsWhatIsThere) {
    EXPECT_EQ(counts().conversations, 0);
    const ConversationId id = saved(conversation_of({said("ana", "one"), said("bo", "two")}));
    ASSERT_TRUE(append(id, {said("ana", "three")}));
    saved(conversation_of({said("ana", "four")}));

    EXPECT_EQ(counts().conversations, 2);
    EXPECT_EQ(counts().messages, 4);
    EXPECT_EQ(counts().chunks, 4);
    EXPECT_EQ(counts().chunks_without_embedding, 0);
    EXPECT_EQ(repository().status().state, StoreStatus::State::healthy);
}

TEST_P(ConversationRepositoryContract, AnswersTimeoutWhenTheDeadlineHasPassed) {
    const CallContext past = within(std::chrono::milliseconds(-1));

    const auto save =
        await(repository().save(conversation_of({said("ana", "late")}), without_key(), past));
    const auto list = await(repository().list({}, past));
    const auto search = await(repository().candidates(words({"late"}), past));

    ASSERT_FALSE(save);
    EXPECT_EQ(save.error().code, ErrorCode::timeout);
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().code, ErrorCode::timeout);
    ASSERT_FALSE(search);
    EXPECT_EQ(search.error().code, ErrorCode::timeout);
    EXPECT_EQ(counts().conversations, 0);
}

TEST_P(ConversationRepositoryContract, KeepsAllOfItWhenItIsOpenedAgain) {
    const ConversationId id = saved(conversation_of({said_at("ana", "kept word", 5)}, "title"));
    ASSERT_TRUE(append(id, {said("bo", "second word")}));
    ASSERT_TRUE(save(conversation_of({said("cy", "keyed")}), with_key("k")));
    if (!under_test->reopen()) GTEST_SKIP() << "It keeps nothing.";
    ASSERT_TRUE(await(repository().use_space(test_space(), soon())));

    ChunkQuery query = words({"word"});
    query.embedding = direction(0);
    query.filter.conversation_id = id;
    query.filter.scenario_title = "title";

    EXPECT_EQ(found(query).size(), 2u);
    query.filter.date_from = Timestamp{5};
    query.filter.date_to = Timestamp{5};
    EXPECT_THAT(found(query), ElementsAre("ana: kept word"));
    EXPECT_TRUE(save(conversation_of({said("cy", "keyed")}), with_key("k"))->replayed);
    EXPECT_EQ(counts().messages, 3);
    EXPECT_EQ(counts().chunks_without_embedding, 0);
    EXPECT_THAT(problems(), IsEmpty());
}

}  // namespace rag::test
