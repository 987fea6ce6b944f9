#include "attempt.hpp"

#include <utility>

#include "encoding/json.hpp"
#include "exchange.hpp"

namespace rag::owner {

namespace {

bool asks_to_come_again(const wire::Response& response) {
    if (response.status != 503) return false;
    const Result<encoding::Value> problem = encoding::parse_json(response.body);
    const encoding::Value* member = problem ? problem->find("code") : nullptr;
    const std::string* code = member == nullptr ? nullptr : member->string();
    return code != nullptr &&
           (*code == "starting" || *code == "shutting_down" || *code == "overloaded");
}

wire::Request of_this_process(wire::Request request) {
    request.origin = wire::Origin::in_process;
    return request;
}

}  // namespace

WholeAttempt::WholeAttempt(wire::Request request, CallContext context)
    : request_(of_this_process(std::move(request))), context_(std::move(context)) {}

bool WholeAttempt::keep(wire::Response answer) {
    const bool again = asks_to_come_again(answer);
    answer_ = std::move(answer);
    return !again;
}

Task<Result<bool>> WholeAttempt::ask_node(OwnedNode& node) {
    co_return keep(co_await node.handle(request_, context_));
}

Task<Result<bool>> WholeAttempt::ask_owner(std::string socket_path) {
    Result<wire::Response> answer = co_await exchange(std::move(socket_path), request_, context_);
    if (!answer) co_return tl::unexpected<Error>(std::move(answer.error()));
    co_return keep(std::move(*answer));
}

Task<bool> StreamAttempt::Answers::begin(wire::Response head) {
    begun_ = true;
    return inner_.begin(std::move(head));
}

Task<bool> StreamAttempt::Answers::send(wire::Response answer) {
    if (asks_to_come_again(answer)) {
        left_undone_ = true;
        co_return true;
    }
    begun_ = true;
    co_return co_await inner_.send(std::move(answer));
}

StreamAttempt::StreamAttempt(wire::Request head, CallContext context, Ends ends)
    : head_(of_this_process(std::move(head))),
      context_(std::move(context)),
      body_(ends.body),
      answers_(ends.answers),
      stall_timeout_(ends.stall_timeout) {}

Result<bool> StreamAttempt::outcome(Result<bool> complete) {
    if (!complete) return complete;
    if (answers_.take_left_undone()) {
        if (can_be_repeated()) return false;
        return fail(ErrorCode::unavailable, "the owner of the store went away");
    }
    heard_ = *complete;
    return true;
}

Task<Result<bool>> StreamAttempt::ask_node(OwnedNode& node) {
    const bool complete = co_await node.stream(head_, context_, body_, answers_);
    // A node that is not to its end has closed, or the body broke off, whose sender knows why.
    if (!complete) co_return fail(ErrorCode::unavailable, "the stream broke off");
    co_return outcome(true);
}

Task<Result<bool>> StreamAttempt::ask_owner(std::string socket_path) {
    Result<bool> complete = co_await exchange_stream(
        std::move(socket_path), head_, context_, body_, answers_, stall_timeout_
    );
    co_return outcome(std::move(complete));
}

}  // namespace rag::owner
