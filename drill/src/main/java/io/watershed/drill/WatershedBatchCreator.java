package io.watershed.drill;

import io.watershed.drill.read.ReadErrors;
import io.watershed.drill.read.ScanReaders;
import java.util.List;
import org.apache.drill.common.exceptions.ChildErrorContext;
import org.apache.drill.common.exceptions.UserException;
import org.apache.drill.exec.ops.ExecutorFragmentContext;
import org.apache.drill.exec.physical.impl.BatchCreator;
import org.apache.drill.exec.physical.impl.scan.v3.ScanLifecycleBuilder;
import org.apache.drill.exec.record.CloseableRecordBatch;
import org.apache.drill.exec.record.RecordBatch;

/** Drill finds this by its type, and makes one for each fragment that reads a table. */
public final class WatershedBatchCreator implements BatchCreator<WatershedSubScan> {
  @Override
  public CloseableRecordBatch getBatch(
      ExecutorFragmentContext context, WatershedSubScan subScan, List<RecordBatch> children) {
    ScanLifecycleBuilder builder = new ScanLifecycleBuilder();
    builder.projection(subScan.columns());
    builder.userName(subScan.getUserName());
    builder.limit(subScan.limit());
    builder.allowSchemaChange(false);
    builder.errorContext(
        new ChildErrorContext(builder.errorContext()) {
          @Override
          public void addContext(UserException.Builder error) {
            super.addContext(error);
            error.addContext("Stream", subScan.scan().stream());
          }
        });
    builder.readerFactory(
        ReadErrors.translating(
            () -> new ScanReaders(subScan.plugin().water(), subScan.scan(), subScan.units())));
    return builder.buildScanOperator(context, subScan);
  }
}
