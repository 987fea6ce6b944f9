// Asio's own sources, compiled here once.
#include <boost/asio/impl/src.hpp>
