#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "application/use_cases.hpp"
#include "line_splitter.hpp"
#include "wire/stream.hpp"

namespace rag::http {

/// POST /ingest/batch: one conversation a line in, one answer a line out, in order. Many lines are
/// worked on at once, so that the embedding packs texts across lines; how many, how many bytes of
/// them and how many bytes of answers that nobody reads yet is bounded.
class BatchIngest {
public:
    BatchIngest(UseCases& use_cases, WorkPool& pool, std::size_t line_bytes_max)
        : use_cases_(use_cases), pool_(pool), line_bytes_max_(line_bytes_max) {}

    struct Caller {
        CallContext context;      // Its deadline is that of all lines.
        std::string forward_key;  // Empty: none. A line's own key is made of it.
        std::int64_t first_line = 1;
        IngestRequest request = {};  // Of every line that does not say.
        bool goes_on = false;  // One of our processes: the next owner gets what is left undone.
        std::chrono::milliseconds line_timeout;
    };

    /// False: body or answer could not be brought to their end. What was answered is done; of what
    /// was not, a caller who goes on elsewhere sends the lines again, with their keys.
    Task<bool> run(wire::BodySource& body, wire::AnswerSink& answers, Caller caller);

private:
    struct State;

    Task<void> read_lines(State& state, wire::BodySource& body);
    Task<void> take_room(State& state, wire::BodySource& body);
    Task<void> start_line(State& state, LineSplitter::Line line);
    Task<void> answer_line(std::shared_ptr<State> state, LineSplitter::Line line, std::size_t slot);
    /// The answer to a line, without its number.
    Task<Result<std::string>> ingest_line(std::shared_ptr<State> state, LineSplitter::Line line);
    Task<void> write_answers(State& state, wire::BodySource& body, wire::AnswerSink& answers);

    UseCases& use_cases_;
    WorkPool& pool_;
    std::size_t line_bytes_max_;
};

/// What the headers say of a batch. One of our processes may go on with one that broke off.
BatchIngest::Caller batch_caller(
    const wire::Request& head, const CallContext& context, std::chrono::milliseconds line_timeout
);

}  // namespace rag::http
