#include "prepare_chunks.hpp"

#include <memory>
#include <utility>

#include "domain/lexical.hpp"

namespace rag {
namespace {

/// Owned by the job, which may outlive the caller.
struct ChunkingWork {
    ChunkingWork(
        std::vector<Message> to_cut, const ChunkingTools& with, const TokenCounter& counted_by
    )
        : messages(std::move(to_cut)), tools(with), counter(counted_by) {}

    std::vector<Message> messages;
    ChunkingTools tools;
    const TokenCounter& counter;
    std::vector<NewChunk> chunks;
};

void cut_and_analyse(ChunkingWork& work) {
    const ChunkingTools& tools = work.tools;
    std::vector<Chunk> chunks =
        chunk_messages(work.messages, tools.limits, work.counter, tools.segmenter);
    work.chunks.reserve(chunks.size());
    for (Chunk& chunk : chunks) {
        NewChunk& made = work.chunks.emplace_back();
        made.traits = chunk_traits(chunk, work.counter, tools.analyzer);
        made.terms = tools.analyzer.analyze(chunk.text);
        made.length = lexical::length_of(made.terms);
        made.chunk = std::move(chunk);
    }
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

    const TokenCounter& counter = preparation.embeddings.token_counter();
    auto work = std::make_shared<ChunkingWork>(std::move(messages), preparation.tools, counter);
    std::function<void()> job = [work] { cut_and_analyse(*work); };
    Result<void> cut = co_await preparation.work_pool.run(std::move(job), context);
    if (!cut) co_return tl::unexpected<Error>(std::move(cut.error()));

    PreparedMessages prepared{std::move(work->messages), std::move(work->chunks)};
    Result<std::vector<ChunkEmbedding>> embedded =
        co_await calls.chunks(texts_of(prepared.chunks), context);
    if (!embedded) co_return tl::unexpected<Error>(std::move(embedded.error()));

    for (std::size_t place = 0; place < prepared.chunks.size(); ++place) {
        prepared.chunks[place].embedding = std::move((*embedded)[place]);
    }
    co_return prepared;
}

}  // namespace rag
