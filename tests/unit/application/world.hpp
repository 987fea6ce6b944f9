#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/await.hpp"
#include "support/wired_use_cases.hpp"

namespace rag::test {

inline Message message(std::string author, std::string content) {
    Message made;
    made.author_name = std::move(author);
    made.content = std::move(content);
    return made;
}

/// More than goes into a chunk, and the word "needle" at its end.
inline std::string text_without_words() {
    std::string text;
    for (int i = 0; i < 1'000; ++i) text += "q" + std::to_string(i) + "x ";
    return text + "needle";
}

inline WriteContext write_context(std::vector<WriteKey> keys = {}, std::uint8_t digest = 0) {
    WriteContext context;
    context.keys = std::move(keys);
    context.request_digest[0] = digest;
    return context;
}

inline CallContext request_context() {
    CallContext context = within(std::chrono::seconds(20));
    context.trace.id = "0af7651916cd";
    return context;
}

struct World : WiredUseCases {
    explicit World(bool use_new_architecture = true) : WiredUseCases(use_new_architecture) {
        const bool known =
            await(repository.use_space(embeddings.space(), within(std::chrono::seconds(1))))
                .has_value();
        if (!known) std::abort();
    }

    Result<WriteAnswer> add(Conversation conversation, WriteContext context = write_context()) {
        return await(
            use_cases.ingest.run(std::move(conversation), std::move(context), request_context())
        );
    }

    /// Messages of one conversation, of two speakers in turn, so that each is a chunk.
    ConversationId talk(const std::vector<std::string>& contents, std::string title = "") {
        Conversation conversation;
        if (!title.empty()) conversation.header.scenario_title = std::move(title);
        for (const std::string& content : contents) {
            const bool even = conversation.messages.size() % 2 == 0;
            conversation.messages.push_back(message(even ? "ana" : "ben", content));
        }
        return add(std::move(conversation)).value().outcome.conversation_id;
    }

    /// Alike, each at its time.
    ConversationId talk_at(const std::vector<std::pair<std::string, std::int64_t>>& contents) {
        Conversation conversation;
        for (const auto& [content, ms] : contents) {
            const bool even = conversation.messages.size() % 2 == 0;
            Message& one =
                conversation.messages.emplace_back(message(even ? "ana" : "ben", content));
            one.timestamp = Timestamp{ms};
        }
        return add(std::move(conversation)).value().outcome.conversation_id;
    }

    Result<SearchResponse> find(SearchRequest request) {
        return await(use_cases.search.run(std::move(request), request_context()));
    }
};

inline std::vector<std::string> texts(const SearchResponse& response) {
    std::vector<std::string> found;
    for (const SearchResult& result : response.results) {
        found.push_back(result.chunk.stored.chunk.text);
    }
    return found;
}

}  // namespace rag::test
