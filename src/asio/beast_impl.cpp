// Beast's own sources, compiled here once.
#include <boost/beast/src.hpp>
