#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "exchange.hpp"
#include "line_splitter.hpp"

namespace rag::http {

/// POST /ingest/batch: one conversation a line in, one answer a line out, in order. Many lines are
/// worked on at once, so that the embedding packs texts across lines; how many, how many bytes of
/// them and how many bytes of answers that nobody reads yet is bounded.
class BatchIngest {
public:
    BatchIngest(IngestConversation& ingest, WorkPool& pool, std::size_t line_bytes_max)
        : ingest_(ingest), pool_(pool), line_bytes_max_(line_bytes_max) {}

    struct Caller {
        CallContext context;      // Its deadline is each line's own.
        std::string forward_key;  // Empty: none. A line's own key is made of it.
        std::chrono::milliseconds line_timeout;
    };

    /// False: body or answer could not be brought to their end. What was answered is done.
    Task<bool> run(BodySource& body, AnswerSink& answers, Caller caller);

private:
    struct State;

    Task<void> read_lines(State& state, BodySource& body);
    Task<void> take_room(State& state, BodySource& body);
    Task<void> start_line(State& state, LineSplitter::Line line);
    Task<void> answer_line(std::shared_ptr<State> state, LineSplitter::Line line, std::size_t slot);
    Task<Result<WriteAnswer>> ingest_line(std::shared_ptr<State> state, LineSplitter::Line line);
    Task<void> write_answers(State& state, BodySource& body, AnswerSink& answers);

    IngestConversation& ingest_;
    WorkPool& pool_;
    std::size_t line_bytes_max_;
};

/// Room of a batch beside its lines: for what was read last, as it came and decoded.
inline constexpr std::size_t kBatchReadBytes = 256u << 10;

}  // namespace rag::http
