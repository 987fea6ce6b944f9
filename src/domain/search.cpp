#include "domain/search.hpp"

namespace rag {

std::string_view name_of(SearchMode mode) {
    switch (mode) {
        case SearchMode::hybrid:
            return "hybrid";
        case SearchMode::dense:
            return "dense";
        case SearchMode::lexical:
            return "lexical";
    }
    return "hybrid";
}

}  // namespace rag
