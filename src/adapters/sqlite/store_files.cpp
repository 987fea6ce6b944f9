#include "store_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "infrastructure/descriptor.hpp"

namespace rag::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kFreeBytesLow = std::uintmax_t{64} << 20;

[[noreturn]] void fail_with_errno(const char* doing, const fs::path& path) {
    throw fs::filesystem_error(doing, path, std::error_code(errno, std::generic_category()));
}

void sync_folder(const fs::path& folder) {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // A parent that we may not read is none that we have made.
    if (fd.get() < 0 && errno == EACCES) return;
    if (fd.get() < 0 || ::fsync(fd.get()) != 0) fail_with_errno("sync folder", folder);
}

}  // namespace

void prepare_files(const fs::path& store) {
    const fs::path folder = fs::absolute(store).parent_path();
    std::vector<fs::path> to_sync{folder};
    for (fs::path at = folder; !fs::exists(at); at = at.parent_path()) {
        to_sync.push_back(at.parent_path());
    }
    // The folder may have been made a moment ago by whoever holds its lock.
    if (to_sync.size() == 1) to_sync.push_back(folder.parent_path());
    for (auto at = to_sync.rbegin(); at != to_sync.rend(); ++at) {
        if (::mkdir(at->c_str(), 0700) != 0 && errno != EEXIST) {
            fail_with_errno("create folder", *at);
        }
    }
    {
        const Descriptor fd(::open(store.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (fd.get() < 0) fail_with_errno("create", store);
        // SQLite gives the files that it makes beside this one the same mode.
        if (::fchmod(fd.get(), 0600) != 0) fail_with_errno("restrict", store);
    }
    for (const fs::path& changed : to_sync) sync_folder(changed);
}

Error to_error(const fs::filesystem_error& failure) {
    return {
        ErrorCode::unavailable,
        "The data folder (DATA_DIR) cannot be used: " + failure.code().message() + ".",
        {}};
}

std::int64_t file_bytes(const fs::path& file) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

bool is_nearly_full(const fs::path& file) {
    std::error_code error;
    const fs::space_info space = fs::space(file.parent_path(), error);
    return !error && space.available < std::min(kFreeBytesLow, space.capacity / 10);
}

fs::path wal_of(const fs::path& store) { return store.string() + "-wal"; }

}  // namespace rag::sqlite
