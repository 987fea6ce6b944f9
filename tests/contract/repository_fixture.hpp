#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application/fingerprint.hpp"
#include "application/ports/conversation_repository.hpp"
#include "support/await.hpp"
#include "support/fake_text.hpp"

namespace rag::test {

/// A repository, new and empty, and what its tests must be able to do to it.
class RepositoryUnderTest {
public:
    virtual ~RepositoryUnderTest() = default;
    virtual ConversationRepository& repository() = 0;
    /// Moves the clock by which it tells the time.
    virtual void pass_time(std::chrono::milliseconds time) = 0;
    /// Closes and opens it again, if what it keeps outlives it.
    virtual bool reopen() { return false; }
};

using RepositoryFactory = std::function<std::unique_ptr<RepositoryUnderTest>()>;

inline constexpr std::size_t kVectorSize = 8;
inline constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

inline EmbeddingSpace test_space(std::string model = "fake") {
    return {"test", std::move(model), kVectorSize, "0123"};
}

/// A unit vector; neighbouring directions are alike.
inline std::vector<float> direction(double angle) {
    std::vector<float> vector(kVectorSize, 0.0F);
    vector[0] = static_cast<float>(std::cos(angle));
    vector[1] = static_cast<float>(std::sin(angle));
    return vector;
}

inline Message said(std::string author, std::string content) {
    Message message;
    message.author_name = std::move(author);
    message.author_type = "user";
    message.content = std::move(content);
    return message;
}

/// One chunk a message. `angle`: of the first one's vector; each next one turns by a tenth.
inline std::vector<NewChunk> chunks_for(const std::vector<Message>& messages, double angle = 0) {
    const FakeAnalyzer analyzer;
    std::vector<NewChunk> chunks;
    for (std::int32_t index = 0; const Message& message : messages) {
        NewChunk chunk;
        chunk.chunk.order_index = index;
        chunk.chunk.message_start = index;
        chunk.chunk.message_end = index;
        chunk.chunk.author_name = message.author_name;
        chunk.chunk.author_type = message.author_type;
        chunk.chunk.timestamp = message.timestamp;
        chunk.chunk.text = message.author_name.value_or("Unknown") + ": " + message.content;
        chunk.terms = analyzer.analyze(chunk.chunk.text);
        for (const Term& term : chunk.terms) chunk.length += term.stop ? 0 : term.count;
        chunk.traits.tokens = static_cast<std::uint32_t>(words_of(chunk.chunk.text).size());
        chunk.traits.has_question_mark = message.content.find('?') != std::string::npos;
        chunk.embedding.vector = direction(angle + 0.1 * index);
        chunk.embedding.pieces.dimension = kVectorSize;
        chunk.embedding.pieces.bits = {static_cast<std::uint8_t>(index + 1)};
        chunk.embedding.pieces.content_ids = {1'000 + index};
        chunk.embedding.pieces.unique_ids = {7, 1'000 + index};
        chunks.push_back(std::move(chunk));
        ++index;
    }
    return chunks;
}

inline NewConversation conversation_of(std::vector<Message> messages, std::string title = "t") {
    NewConversation made;
    made.conversation.header.scenario_title = std::move(title);
    made.chunks = chunks_for(messages);
    made.conversation.messages = std::move(messages);
    made.fingerprint = fingerprint(made.conversation);
    return made;
}

/// As far as anybody outside can tell two outcomes apart.
inline bool same_outcome(const WriteOutcome& one, const WriteOutcome& other) {
    return one.conversation_id == other.conversation_id && one.duplicate == other.duplicate &&
           one.messages_written == other.messages_written &&
           one.chunks_written == other.chunks_written &&
           one.messages_total == other.messages_total && one.chunks_total == other.chunks_total &&
           one.chunks_deleted == other.chunks_deleted && one.created_at == other.created_at &&
           one.header.scenario_title == other.header.scenario_title &&
           one.header.original_title == other.header.original_title &&
           one.header.url == other.header.url &&
           one.messages_without_words == other.messages_without_words;
}

/// A call on behalf of the named tenant that may take so long.
inline CallContext as_tenant(
    std::string name, std::chrono::milliseconds time = std::chrono::seconds(30)
) {
    Principal principal{TenantId{std::move(name)}, {}, {}};
    return {std::make_shared<const Principal>(std::move(principal)), in(time)};
}

inline SoughtConversation sought(const encoding::Digest& fingerprint) {
    return {fingerprint, std::nullopt};
}

inline WriteContext without_key() { return {}; }

inline WriteContext with_key(std::string key, std::uint8_t body = 1) {
    WriteContext context = without_key();
    context.keys = {{WriteKey::Scope::client, std::move(key)}};
    context.request_digest.fill(body);
    return context;
}

class ConversationRepositoryContract : public testing::TestWithParam<RepositoryFactory> {
protected:
    void SetUp() override {
        under_test = GetParam()();
        ASSERT_TRUE(await(repository().use_space(test_space(), soon())));
    }

    ConversationRepository& repository() { return under_test->repository(); }
    static CallContext soon() { return within(std::chrono::seconds(30)); }

    Result<WriteAnswer> save(NewConversation conversation, WriteContext context = without_key()) {
        conversation.fingerprint = fingerprint(conversation.conversation);
        return await(repository().save(std::move(conversation), std::move(context), soon()));
    }
    ConversationId saved(NewConversation conversation) {
        Result<WriteAnswer> answer = save(std::move(conversation));
        EXPECT_TRUE(answer) << answer.error().message;
        return answer ? answer->outcome.conversation_id : ConversationId{-1};
    }
    Result<WriteAnswer> append(
        ConversationId id,
        std::vector<Message> messages,
        WriteContext context = without_key(),
        std::size_t messages_max = 100
    ) {
        NewMessages added;
        added.conversation_id = id;
        added.chunks = chunks_for(messages, 1);
        if (const auto summary = await(repository().get(id, soon())); summary) {
            added.fingerprint_before = summary->fingerprint;
            added.fingerprint_after = extended_fingerprint(summary->fingerprint, messages);
        }
        added.messages = std::move(messages);
        return await(repository().append(std::move(added), messages_max, std::move(context), soon())
        );
    }
    Result<WriteAnswer> remove(ConversationId id, WriteContext context = without_key()) {
        return await(repository().remove(id, std::move(context), soon()));
    }
    StoreCounts counts() { return await(repository().counts(soon())).value(); }
    std::vector<std::string> problems() {
        return await(repository().verify(soon())).value().problems;
    }
    std::vector<ConversationId> listed(const ListQuery& query) {
        std::vector<ConversationId> ids;
        const Result<ConversationPage> page = await(repository().list(query, soon()));
        EXPECT_TRUE(page) << page.error().message;
        for (const ConversationSummary& one : page->conversations) ids.push_back(one.id);
        return ids;
    }
    static ChunkQuery words(std::vector<std::string> terms) {
        ChunkQuery query;
        query.terms = std::move(terms);
        query.pool_size = 200;
        return query;
    }
    CandidateSet candidates(ChunkQuery query) {
        Result<CandidateSet> found = await(repository().candidates(std::move(query), soon()));
        EXPECT_TRUE(found) << found.error().message;
        return std::move(*found);
    }
    std::vector<LoadedChunk> load(
        std::vector<ChunkId> ids, std::size_t context = 0, std::size_t bytes_max = kAnySize
    ) {
        return await(repository().load(std::move(ids), context, bytes_max, soon())).value();
    }
    Result<std::vector<StoredChunk>> read_chunks(
        ConversationId id, std::size_t bytes_max = kAnySize
    ) {
        return await(repository().chunks(id, bytes_max, soon()));
    }
    Result<std::vector<StoredMessage>> read_messages(
        ConversationId id, MessageRange range, std::size_t bytes_max = kAnySize
    ) {
        return await(repository().messages(id, range, bytes_max, soon()));
    }
    /// Texts of the candidates that have one of the words, best first.
    std::vector<std::string> found(ChunkQuery query) {
        const CandidateSet set = candidates(std::move(query));
        std::vector<std::pair<std::int32_t, ChunkId>> ranked;
        for (const Candidate& candidate : set.candidates) {
            const std::int32_t rank =
                candidate.lexical_rank != 0 ? candidate.lexical_rank : candidate.dense_rank;
            if (rank != 0) ranked.emplace_back(rank, candidate.chunk_id);
        }
        std::ranges::sort(ranked);
        std::vector<ChunkId> ids;
        for (const auto& [rank, id] : ranked) ids.push_back(id);
        std::vector<std::string> texts;
        for (const LoadedChunk& chunk : load(ids)) texts.push_back(chunk.stored.chunk.text);
        return texts;
    }

    std::unique_ptr<RepositoryUnderTest> under_test;
};

}  // namespace rag::test
