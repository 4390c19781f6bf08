package io.watershed.drill;

import io.watershed.drill.plan.ScanUnit;
import org.apache.drill.exec.store.schedule.CompleteWork;
import org.apache.drill.exec.store.schedule.EndpointByteMap;
import org.apache.drill.exec.store.schedule.EndpointByteMapImpl;

/** A unit as Drill shares work out: every drillbit reads it equally well. */
record UnitWork(ScanUnit unit) implements CompleteWork {
  @Override
  public long getTotalBytes() {
    return unit.bytes();
  }

  @Override
  public EndpointByteMap getByteMap() {
    return new EndpointByteMapImpl();
  }

  @Override
  public int compareTo(CompleteWork other) {
    return Long.compare(getTotalBytes(), other.getTotalBytes());
  }
}
