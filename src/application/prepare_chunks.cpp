#include "prepare_chunks.hpp"

#include <utility>

#include "application/compute.hpp"
#include "domain/wordless.hpp"

namespace rag {
namespace {

PreparedMessages cut_and_analyse(
    std::vector<Message> messages, const ChunkingTools& tools, const TokenCounter& counter
) {
    PreparedMessages prepared{std::move(messages), {}, {}};
    std::vector<Chunk> chunks =
        chunk_messages(prepared.messages, tools.limits, counter, tools.segmenter);
    prepared.chunks.reserve(chunks.size());
    for (Chunk& chunk : chunks) {
        NewChunk& made = prepared.chunks.emplace_back();
        made.traits = chunk_traits(chunk, counter, tools.analyzer);
        const auto message = static_cast<std::size_t>(chunk.message_start);
        ChunkTerms found = terms_of(chunk, prepared.messages[message].content, tools.analyzer);
        made.terms = std::move(found.terms);
        made.length = found.length;
        if (chunk.stands_for_message) prepared.without_words.push_back(chunk.message_start);
        made.chunk = std::move(chunk);
    }
    return prepared;
}

std::vector<std::string> texts_of(const std::vector<NewChunk>& chunks) {
    std::vector<std::string> texts;
    texts.reserve(chunks.size());
    for (const NewChunk& chunk : chunks) texts.push_back(chunk.chunk.text);
    return texts;
}

}  // namespace

Task<Result<PreparedMessages>> prepare_chunks(
    std::vector<Message> messages, ChunkPreparation preparation, CallContext context
) {
    EmbeddingCalls calls(
        preparation.embeddings, preparation.telemetry, std::move(preparation.caller)
    );
    if (Result<void> ready = calls.ready(); !ready) {
        co_return tl::unexpected<Error>(std::move(ready.error()));
    }

    auto job = [messages = std::move(messages),
                tools = preparation.tools,
                &counter = preparation.embeddings.token_counter()]() mutable {
        return Result<PreparedMessages>(cut_and_analyse(std::move(messages), tools, counter));
    };
    Result<PreparedMessages> prepared =
        co_await compute(preparation.work_pool, context, std::move(job));
    if (!prepared) co_return tl::unexpected<Error>(std::move(prepared.error()));

    Result<std::vector<ChunkEmbedding>> embedded =
        co_await calls.chunks(texts_of(prepared->chunks), context);
    if (!embedded) co_return tl::unexpected<Error>(std::move(embedded.error()));

    for (std::size_t place = 0; place < prepared->chunks.size(); ++place) {
        prepared->chunks[place].embedding = std::move((*embedded)[place]);
    }
    co_return prepared;
}

}  // namespace rag
