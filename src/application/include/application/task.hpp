#pragma once

#include <boost/asio/awaitable.hpp>

namespace rag {

/// The one coroutine type. g++ 12 destroys a braced aggregate or a capturing lambda that is created
/// inside a `co_await` expression twice: name it on the line before.
template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace rag
