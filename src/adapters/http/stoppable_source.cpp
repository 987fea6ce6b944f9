#include "stoppable_source.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace rag::http {

Task<Result<bool>> StoppableSource::read(std::string& buffer) {
    using namespace boost::asio::experimental::awaitable_operators;
    if (!health_.is_draining()) {
        auto outcome = co_await (inner_.read(buffer) || health_.wait_for_draining());
        if (outcome.index() == 0) co_return std::move(std::get<0>(outcome));
    }
    co_return fail(ErrorCode::unavailable, "the owner of the store is going away");
}

}  // namespace rag::http
