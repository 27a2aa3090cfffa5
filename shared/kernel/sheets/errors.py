"""What is refused of sheets (表格), and of which rows."""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.command import OutsideScope
from shared.kernel.errors import Invalid, JiushuError, NotFound, Several


class SheetUnknown(NotFound):
    """There is no such kind of sheet."""

    code = "sheet_unknown"
    zh = "没有“{ref}”这种表格，可用的有：{known}"
    en = "there is no kind of sheet '{ref}'; known: {known}"


class SheetUnreadable(Invalid):
    """The file is no sheet."""

    code = "sheet_unreadable"
    zh = "文件无法读取：{why}"
    en = "the file cannot be read: {why}"


class SheetTooLarge(Invalid):
    """More rows than are taken at once."""

    code = "sheet_too_large"
    zh = "表格过大，一次最多 {most} 行，请拆成几个文件"
    en = "the sheet is too large: at most {most} rows at once; split it into several files"


class ColumnUnknown(Invalid):
    """A header that no column has."""

    code = "column_unknown"
    zh = "第1行：没有“{column}”这一列，可用的有：{known}"
    en = "row 1: there is no column '{column}'; known: {known}"


class ColumnMissing(Invalid):
    """A column that must be there."""

    code = "column_missing"
    zh = "第1行：缺少“{column}”列，请按模板补上"
    en = "row 1: the column '{column}' is missing; see the template"


class ColumnTwice(Invalid):
    """Two columns with one header."""

    code = "column_twice"
    zh = "第1行：“{column}”列重复，请只保留一列"
    en = "row 1: the column '{column}' is there twice; keep one"


class RowTooLong(Invalid):
    """A cell without a header."""

    code = "row_too_long"
    zh = "单元格多于表头，请检查有无多余的分隔符"
    en = "there are more cells than headers; look for a separator too many"


class CellUnfit(Invalid):
    """A formula, or characters that cannot be kept."""

    code = "cell_unfit"
    zh = "是公式或含有不能保存的字符，请改为文字（选择性粘贴→数值）"
    en = "a formula, or characters that cannot be kept; paste it as values"


class RowRepeated(Invalid):
    """The sheet says the same thing in another row already."""

    code = "row_repeated"
    zh = "与第{first}行重复，请只保留一行"
    en = "repeats row {first}; keep one of them"


class RowOutsideScope(OutsideScope):
    """A row is about another's place."""

    zh = "第{row}行：不在您的权限范围内，请从表中删去"
    en = "row {row} lies outside your scope; leave it out"


class RowWrong(Invalid):
    """What is wrong with a row, and in which column."""

    code = "row_wrong"
    zh = "第{row}行“{column}”：{said}"
    en = "row {row}, '{column}': {said}"


MOST_TOLD = 200  # of what is wrong with a sheet


class SheetWrong(Several):
    """Some rows are wrong; nothing of the sheet was kept."""

    code = "sheet_wrong"
    zh = "有 {count} 处错误，一行也没有导入；请改好后重新导入整个文件"
    en = "{count} things are wrong, no row was kept; mend them and send the whole file again"

    def __init__(self, errors: Sequence[JiushuError]) -> None:
        super().__init__(errors[:MOST_TOLD])
        self.facts = {"count": len(errors)}
