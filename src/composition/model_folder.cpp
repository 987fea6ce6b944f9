#include "composition/model_folder.hpp"

#include <system_error>
#include <vector>

namespace rag::composition {

namespace fs = std::filesystem;

Result<fs::path> find_model_folder(const Config& config) {
    std::vector<fs::path> places;
    if (config.embedding.model_path) {
        places.push_back(*config.embedding.model_path);
    } else {
        std::error_code error;
        const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
        const fs::path& name = config.embedding.model;
        places = {
            program / "models" / name,
            program.parent_path() / "models" / name,
            program.parent_path().parent_path() / "models" / name,
            program.parent_path() / "share" / "mcp-backend" / "models" / name,
        };
    }
    std::string looked_at;
    for (const fs::path& place : places) {
        std::error_code error;
        if (fs::exists(place / "config.json", error)) return place;
        looked_at += "\n  " + place.string();
    }
    return fail(
        ErrorCode::not_found,
        "no embedding model (a folder with config.json) is at:" + looked_at +
            "\nscripts/setup.sh fetches the default one; MCPB_EMBEDDING_MODEL_PATH names another"
    );
}

}  // namespace rag::composition
