#include "tillsight/sql/memory_disk.hpp"

#include <algorithm>
#include <utility>

#include "memory_disk_impl.hpp"
#include "tillsight/core/check.hpp"

namespace tillsight::sql {
namespace {

using Kind = DiskChange::Kind;

std::int64_t& counter_of(DiskCounters& counters, DiskOperation operation) {
  switch (operation) {
    case DiskOperation::kOpen: return counters.opens;
    case DiskOperation::kRead: return counters.reads;
    case DiskOperation::kWrite: return counters.writes;
    case DiskOperation::kSync: return counters.syncs;
    case DiskOperation::kTruncate: return counters.truncates;
    case DiskOperation::kDelete: return counters.deletes;
  }
  return counters.failed;
}

}  // namespace

std::optional<DiskError> MemoryDisk::Impl::fault(DiskOperation operation) {
  ++counter_of(counters_, operation);
  std::optional<DiskError> error;
  for (DiskFault& fault : faults_) {
    if (fault.operation != operation || fault.after-- > 0) continue;
    if (!error) error = fault.error;
  }
  std::erase_if(faults_, [](const DiskFault& fault) { return !fault.for_ever && fault.after < 0; });
  counters_.failed += error.has_value();
  return error;
}

bool MemoryDisk::Impl::has_room_for(FileId file, std::int64_t end) const {
  if (capacity_ < 0) return true;
  const std::int64_t more = end - state_.content(file).size();
  return more <= 0 || state_.used_bytes() + more <= capacity_;
}

void MemoryDisk::Impl::change(DiskChange change) {
  state_.apply(change);
  if (records_) recorded_.push_back(std::move(change));
}

FileId MemoryDisk::Impl::create(const std::string& name) {
  const FileId file = state_.new_id();
  change({.kind = Kind::kCreate, .file = file, .name = name});
  return file;
}

void MemoryDisk::Impl::remove(const std::string& name) {
  change({.kind = Kind::kDelete, .name = name});
}

void MemoryDisk::Impl::write(FileId file, std::int64_t at, std::span<const std::byte> bytes) {
  counters_.bytes_written += std::ssize(bytes);
  // Logs are filled with the same zeros again and again.
  if (!last_written_ || !std::ranges::equal(*last_written_, bytes)) {
    last_written_ = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
  }
  change({.kind = Kind::kWrite, .file = file, .at = at, .bytes = last_written_});
}

void MemoryDisk::Impl::truncate(FileId file, std::int64_t size) {
  change({.kind = Kind::kTruncate, .file = file, .at = size});
}

void MemoryDisk::Impl::sync(FileId file, bool succeeds) {
  change({.kind = succeeds ? Kind::kSync : Kind::kSyncFailed, .file = file});
}

void MemoryDisk::Impl::sync_folder() {
  change({.kind = Kind::kSyncFolder});
  state_.forget_deleted([this](FileId file) { return open_.contains(file); });
}

void MemoryDisk::Impl::forget_cached(FileId file) {
  change({.kind = Kind::kForgetCached, .file = file});
}

std::shared_ptr<SharedFile> MemoryDisk::Impl::attach(FileId file) {
  ++handles_;
  std::shared_ptr<SharedFile> shared = open_[file].lock();
  if (!shared) open_[file] = shared = std::make_shared<SharedFile>();
  return shared;
}

void MemoryDisk::Impl::detach(FileId file) {
  --handles_;
  const auto found = open_.find(file);
  if (found != open_.end() && found->second.expired()) open_.erase(found);
}

void MemoryDisk::Impl::begin_new_life() {
  ++life_;
  open_.clear();
}

MemoryDisk::MemoryDisk(const std::filesystem::path& folder)
    : impl_(std::make_unique<Impl>(std::filesystem::absolute(folder).lexically_normal().string())) {
  detail::mount(*impl_);
}

MemoryDisk::~MemoryDisk() {
  TILLSIGHT_CHECK(impl_->handles_ == 0, "a database outlives the disk that it is on");
  detail::unmount(*impl_);
}

void MemoryDisk::power_cut(Random& random) {
  TILLSIGHT_CHECK(!impl_->records_, "a recording has no power cuts");
  impl_->begin_new_life();
  impl_->state_.power_cut(random);
}

void MemoryDisk::fail(const DiskFault& fault) {
  impl_->faults_.push_back(fault);
}

void MemoryDisk::heal() {
  impl_->faults_.clear();
}

void MemoryDisk::set_capacity(std::int64_t bytes) {
  impl_->capacity_ = bytes;
}

const DiskState& MemoryDisk::state() const {
  return impl_->state_;
}

void MemoryDisk::restore(DiskState state) {
  impl_->begin_new_life();
  impl_->state_ = std::move(state);
}

void MemoryDisk::record() {
  impl_->records_ = true;
  impl_->recorded_.clear();
}

std::size_t MemoryDisk::recorded() const {
  return impl_->recorded_.size();
}

std::vector<DiskChange> MemoryDisk::take_recording() {
  impl_->records_ = false;
  return std::exchange(impl_->recorded_, {});
}

const DiskCounters& MemoryDisk::counters() const {
  return impl_->counters_;
}

}  // namespace tillsight::sql
