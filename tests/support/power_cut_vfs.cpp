#include "support/power_cut_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <utility>
#include <vector>

namespace rag::test {

namespace {

using Bytes = std::vector<char>;

constexpr std::size_t kSector = 512;

/// One change that was made and not synced.
struct Change {
    enum class Kind : std::uint8_t { write, truncate, remove } kind;
    std::size_t offset = 0;  // Of a truncation: the new size.
    Bytes bytes;
};

/// A file as the disk has it, and what was done to it since.
struct Disk {
    bool exists = false;
    Bytes bytes;
    std::vector<Change> unsynced;
};

void apply(Disk& disk, const Change& change) {
    switch (change.kind) {
        case Change::Kind::remove:
            disk.exists = false;
            disk.bytes.clear();
            return;
        case Change::Kind::truncate:
            disk.exists = true;
            disk.bytes.resize(change.offset);
            return;
        case Change::Kind::write:
            disk.exists = true;
            disk.bytes.resize(std::max(disk.bytes.size(), change.offset + change.bytes.size()));
            std::copy(
                change.bytes.begin(),
                change.bytes.end(),
                disk.bytes.begin() + static_cast<std::ptrdiff_t>(change.offset)
            );
            return;
    }
}

Bytes read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

class PowerCutVfs::State {
public:
    State(std::string vfs_name, std::uint64_t seed) : name(std::move(vfs_name)), random_(seed) {}

    /// Counts an operation; false: the power is gone.
    bool operate() {
        if (is_cut()) return false;
        ++operations;
        return true;
    }
    bool is_cut() const { return operations >= cut_at; }

    Disk& disk(const std::string& path) {
        auto [place, added] = disks_.try_emplace(path);
        Disk& disk = place->second;
        const bool exists = std::filesystem::exists(path);
        const bool expected =
            disk.unsynced.empty() ? disk.exists : disk.unsynced.back().kind != Change::Kind::remove;
        if (!exists && expected) disk = {};  // A test has cleared the folder.
        if (added && exists) {
            disk.exists = true;
            disk.bytes = read_file(path);
        }
        return disk;
    }

    void restore(Survives what) {
        for (auto& [path, disk] : disks_) {
            for (Change& change : disk.unsynced) survive(disk, change, what);
            disk.unsynced.clear();
            std::filesystem::remove(path);
            if (disk.exists) {
                std::ofstream out(path, std::ios::binary);
                out.write(disk.bytes.data(), static_cast<std::streamsize>(disk.bytes.size()));
            }
            // The index of the log is memory, which a power cut clears.
            std::filesystem::remove(path + "-shm");
        }
        disks_.clear();
        cut_at = kNever;
    }

    /// The folder is synced: what was removed from it stays removed.
    void sync_folder() {
        for (auto& [path, disk] : disks_) {
            const auto last = std::find_if(
                disk.unsynced.rbegin(),
                disk.unsynced.rend(),
                [](const Change& change) { return change.kind == Change::Kind::remove; }
            );
            const auto end = last.base();
            for (auto at = disk.unsynced.begin(); at != end; ++at) apply(disk, *at);
            disk.unsynced.erase(disk.unsynced.begin(), end);
        }
    }

    static constexpr std::int64_t kNever = INT64_MAX;

    std::mutex mutex;  // Guards all of it.
    const std::string name;
    std::int64_t operations = 0;
    std::int64_t syncs = 0;
    std::int64_t cut_at = kNever;
    bool failing_syncs = false;
    bool full = false;
    sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
    sqlite3_vfs vfs{};

private:
    void survive(Disk& disk, Change& change, Survives what) {
        if (what == Survives::all) return apply(disk, change);
        if (what == Survives::nothing) return;
        const auto luck = random_() % 3;
        if (luck == 0) return;
        if (luck == 1 || change.kind != Change::Kind::write) return apply(disk, change);
        // Torn: each sector on its own.
        std::size_t at = 0;
        while (at < change.bytes.size()) {
            const std::size_t position = change.offset + at;
            const std::size_t size =
                std::min(change.bytes.size() - at, kSector - position % kSector);
            if (random_() % 2 == 0) {
                const auto begin = change.bytes.begin() + static_cast<std::ptrdiff_t>(at);
                const auto end = begin + static_cast<std::ptrdiff_t>(size);
                apply(disk, Change{Change::Kind::write, position, Bytes(begin, end)});
            }
            at += size;
        }
    }

    std::map<std::string, Disk> disks_;
    std::mt19937_64 random_;
};

namespace {

/// The file as SQLite sees it; the real one lies behind it in the same memory.
struct File {
    sqlite3_file base;
    void* state;
    bool created;  // And not synced yet: with a log's first sync SQLite syncs its folder.
    Disk* disk;    // Null: a temporary file, of which a power cut leaves nothing to look at.
    sqlite3_file* real;
};

}  // namespace

// The callbacks need the class's private State: they are templates over it, made below.
template <class State>
struct PowerCutCalls {
    static File* file(sqlite3_file* any) { return reinterpret_cast<File*>(any); }
    static sqlite3_file* real(sqlite3_file* any) { return file(any)->real; }
    static State& state(sqlite3_file* any) { return *static_cast<State*>(file(any)->state); }
    static State& state(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

    static int close(sqlite3_file* any) { return real(any)->pMethods->xClose(real(any)); }

    static int read(sqlite3_file* any, void* to, int size, sqlite3_int64 offset) {
        const std::lock_guard lock(state(any).mutex);
        if (state(any).is_cut()) return SQLITE_IOERR_READ;
        return real(any)->pMethods->xRead(real(any), to, size, offset);
    }

    static int write(sqlite3_file* any, const void* from, int size, sqlite3_int64 offset) {
        const std::lock_guard lock(state(any).mutex);
        if (state(any).full) return SQLITE_FULL;
        const bool powered = state(any).operate();
        if (Disk* disk = file(any)->disk; disk != nullptr && powered) {
            const char* begin = static_cast<const char*>(from);
            disk->unsynced.push_back(
                {Change::Kind::write, static_cast<std::size_t>(offset), Bytes(begin, begin + size)}
            );
        }
        // The last one is under way when the power goes: the disk may have some of it.
        if (!powered || state(any).is_cut()) return SQLITE_IOERR_WRITE;
        return real(any)->pMethods->xWrite(real(any), from, size, offset);
    }

    static int truncate(sqlite3_file* any, sqlite3_int64 size) {
        const std::lock_guard lock(state(any).mutex);
        if (!state(any).operate()) return SQLITE_IOERR_TRUNCATE;
        if (Disk* disk = file(any)->disk; disk != nullptr) {
            disk->unsynced.push_back({Change::Kind::truncate, static_cast<std::size_t>(size), {}});
        }
        return real(any)->pMethods->xTruncate(real(any), size);
    }

    static int sync(sqlite3_file* any, int flags) {
        const std::lock_guard lock(state(any).mutex);
        if (!state(any).operate() || state(any).is_cut()) return SQLITE_IOERR_FSYNC;
        if (state(any).failing_syncs) return SQLITE_IOERR_FSYNC;
        ++state(any).syncs;
        if (Disk* disk = file(any)->disk; disk != nullptr) {
            for (const Change& change : disk->unsynced) apply(*disk, change);
            disk->unsynced.clear();
        }
        if (std::exchange(file(any)->created, false)) state(any).sync_folder();
        // The real sync would only cost time: nothing here depends on it.
        static_cast<void>(flags);
        return SQLITE_OK;
    }

    static int file_size(sqlite3_file* any, sqlite3_int64* size) {
        return real(any)->pMethods->xFileSize(real(any), size);
    }
    static int lock(sqlite3_file* any, int level) {
        return real(any)->pMethods->xLock(real(any), level);
    }
    static int unlock(sqlite3_file* any, int level) {
        return real(any)->pMethods->xUnlock(real(any), level);
    }
    static int check_lock(sqlite3_file* any, int* locked) {
        return real(any)->pMethods->xCheckReservedLock(real(any), locked);
    }
    static int control(sqlite3_file* any, int operation, void* argument) {
        return real(any)->pMethods->xFileControl(real(any), operation, argument);
    }
    static int sector_size(sqlite3_file* any) {
        return real(any)->pMethods->xSectorSize(real(any));
    }
    static int characteristics(sqlite3_file* any) {
        return real(any)->pMethods->xDeviceCharacteristics(real(any));
    }
    static int shm_map(sqlite3_file* any, int page, int size, int extend, void volatile** to) {
        return real(any)->pMethods->xShmMap(real(any), page, size, extend, to);
    }
    static int shm_lock(sqlite3_file* any, int offset, int count, int flags) {
        return real(any)->pMethods->xShmLock(real(any), offset, count, flags);
    }
    static void shm_barrier(sqlite3_file* any) { real(any)->pMethods->xShmBarrier(real(any)); }
    static int shm_unmap(sqlite3_file* any, int remove) {
        return real(any)->pMethods->xShmUnmap(real(any), remove);
    }

    static constexpr sqlite3_io_methods kMethods{
        2,
        close,
        read,
        write,
        truncate,
        sync,
        file_size,
        lock,
        unlock,
        check_lock,
        control,
        sector_size,
        characteristics,
        shm_map,
        shm_lock,
        shm_barrier,
        shm_unmap,
        nullptr,
        nullptr};

    static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* any, int flags, int* out) {
        State& all = state(vfs);
        const std::lock_guard lock(all.mutex);
        File* opened = new (any) File{};
        if (all.is_cut()) return SQLITE_CANTOPEN;
        opened->state = &all;
        opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
        constexpr int kKept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
        if (path != nullptr && (flags & kKept) != 0) {
            opened->disk = &all.disk(path);
            opened->created = (flags & SQLITE_OPEN_CREATE) != 0 &&
                              (flags & SQLITE_OPEN_MAIN_DB) == 0 && !std::filesystem::exists(path);
        }
        const int code = all.real->xOpen(all.real, path, opened->real, flags, out);
        if (code == SQLITE_OK) opened->base.pMethods = &kMethods;
        return code;
    }

    static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
        State& all = state(vfs);
        const std::lock_guard lock(all.mutex);
        if (!all.operate()) return SQLITE_IOERR_DELETE;
        all.disk(path).unsynced.push_back({Change::Kind::remove, 0, {}});
        if (sync_folder != 0) all.sync_folder();
        return all.real->xDelete(all.real, path, 0);
    }

    static int access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
        sqlite3_vfs* real_vfs = state(vfs).real;
        return real_vfs->xAccess(real_vfs, path, flags, out);
    }
    static int full_path(sqlite3_vfs* vfs, const char* path, int size, char* out) {
        sqlite3_vfs* real_vfs = state(vfs).real;
        return real_vfs->xFullPathname(real_vfs, path, size, out);
    }

    static void fill_in(State& all) {
        all.vfs = *all.real;
        all.vfs.iVersion = 2;
        all.vfs.szOsFile = static_cast<int>(sizeof(File)) + all.real->szOsFile;
        all.vfs.pNext = nullptr;
        all.vfs.zName = all.name.c_str();
        all.vfs.pAppData = &all;
        all.vfs.xOpen = open;
        all.vfs.xDelete = remove;
        all.vfs.xAccess = access;
        all.vfs.xFullPathname = full_path;
    }
};

PowerCutVfs::PowerCutVfs(std::string name, std::uint64_t seed)
    : state_(std::make_unique<State>(std::move(name), seed)) {
    PowerCutCalls<State>::fill_in(*state_);
    sqlite3_vfs_register(&state_->vfs, 0);
}

PowerCutVfs::~PowerCutVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const std::string& PowerCutVfs::name() const { return state_->name; }

std::int64_t PowerCutVfs::operations() const {
    const std::lock_guard lock(state_->mutex);
    return state_->operations;
}

std::int64_t PowerCutVfs::syncs() const {
    const std::lock_guard lock(state_->mutex);
    return state_->syncs;
}

void PowerCutVfs::cut_after(std::int64_t operations) {
    const std::lock_guard lock(state_->mutex);
    state_->cut_at = state_->operations + operations;
}

bool PowerCutVfs::is_cut() const {
    const std::lock_guard lock(state_->mutex);
    return state_->is_cut();
}

void PowerCutVfs::fail_syncs(bool failing) {
    const std::lock_guard lock(state_->mutex);
    state_->failing_syncs = failing;
}

void PowerCutVfs::fill_disk(bool full) {
    const std::lock_guard lock(state_->mutex);
    state_->full = full;
}

void PowerCutVfs::restore(Survives what) {
    const std::lock_guard lock(state_->mutex);
    state_->restore(what);
}

}  // namespace rag::test
