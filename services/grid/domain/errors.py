"""What grid refuses, and why."""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.command import OutsideScope
from shared.kernel.errors import Conflict, Forbidden, Invalid, JiushuError, NotFound, Several

# ---- places


class PlaceKindWrong(Invalid):
    """A place cannot lie where it is said to lie."""

    code = "place_kind_wrong"
    zh = "{kind}不能直接设在{parent_kind}之下，可以设在：{allowed}"
    en = "a {kind} cannot lie directly in a {parent_kind}; possible: {allowed}"


class PlaceAlreadyRegistered(Conflict):
    """The code belongs to another place."""

    code = "place_already_registered"
    zh = "编码 {place_code} 已登记为“{name}”"
    en = "the code {place_code} is registered already, as '{name}'"


class GridCodeWrong(Invalid):
    """A grid's code has 15 digits and begins with its community's (DB11/T 2157)."""

    code = "grid_code_wrong"
    zh = "网格编码 {place_code} 应为15位数字：所在社区的编码 {community} 加3位顺序号"
    en = "the grid code {place_code} must have 15 digits: its community's code {community} and 3 digits of its own"


class CommunityCodeWrong(Invalid):
    """A community's code has 12 digits and begins with its street's (DB11/T 2157)."""

    code = "community_code_wrong"
    zh = "社区编码 {place_code} 应为12位数字：街道编码 {street} 加3位社区码"
    en = "the community code {place_code} must have 12 digits: the street's code {street} and 3 digits of its own"


class PlaceEnded(Conflict):
    """Nothing new begins in a place that is no more."""

    code = "place_ended"
    zh = "“{name}”已于 {ended_on} 终止，请改用现在的场所"
    en = "'{name}' ended on {ended_on}; use the place that is there now"


class HouseholdNeedsDoor(Invalid):
    """A household lies behind a door."""

    code = "household_needs_door"
    zh = "“{name}”不是楼门；户应登记在楼门之下"
    en = "'{name}' is no door; a household is registered behind a door"


class HouseholdAlreadyThere(Conflict):
    """The room is registered behind that door."""

    code = "household_already_there"
    zh = "“{name}”的 {room} 已登记"
    en = "the room {room} is registered behind '{name}' already"


class StreetCodeWrong(Invalid):
    """One deployment serves one street."""

    code = "street_code_wrong"
    zh = "本系统服务的街道编码是 {street}，不是 {place_code}"
    en = "this installation serves the street {street}, not {place_code}"


class NoGridHere(Invalid):
    """Gate G1: no matter without a grid."""

    code = "no_grid_here"
    zh = "“{name}”不在任何网格内，请选择更具体的位置"
    en = "'{name}' lies in no grid; choose a more precise place"


class AddressUnknown(Invalid):
    """No place is called that."""

    code = "address_unknown"
    zh = "{field}：没有名称或编码为“{address}”的场所，请用登记的名称，或用 address_id 给出场所编码"
    en = "{field}: no place is called '{address}'; use a registered name, or name its code in address_id"


class AddressAmbiguous(Invalid):
    """Several places are called that."""

    code = "address_ambiguous"
    zh = "{field}：“{address}”有多个场所：{places}。请加上所在小区的名称，或用 address_id 给出场所编码"
    en = (
        "{field}: several places are called '{address}': {places}; "
        "add the name of its estate, or name its code in address_id"
    )


# ---- places that merge and split


class NotSuperseded(Invalid):
    """Some kinds of places are never merged or split."""

    code = "not_superseded"
    zh = "“{name}”是{kind}，不作合并或拆分。可以合并或拆分：{possible}"
    en = "'{name}' is a {kind}, which is neither merged nor split; possible: {possible}"


class SuccessorWrong(Invalid):
    """What takes over is a place of the same kind that stays and lies elsewhere."""

    code = "successor_wrong"
    zh = "“{successor}”不能承继“{name}”：应为同类、仍然存在、且不在其内的场所"
    en = "'{successor}' cannot take over from '{name}': it must be of the same kind, stay, and lie outside"


class NewPlaceUnused(Invalid):
    """A new place of the deed takes over from nothing."""

    code = "new_place_unused"
    zh = "新场所 {place_code} 没有承继任何场所，请写入 into，或改用场所登记"
    en = "the new place {place_code} takes over from nothing; name it in 'into', or register it by itself"


class MoveWrong(Invalid):
    """A move names what lies directly in the old place and stays, and one of its successors."""

    code = "move_wrong"
    zh = "moves：{place_code} 不能这样移动。只能把“{name}”直接包含的、不在本次终止的场所移到它的承继场所之一"
    en = "moves: {place_code} cannot move so: only what lies directly in '{name}' and stays, to one of its successors"


class GridNeedsNewCode(Invalid):
    """A grid's code begins with that of its community: it does not go to another one."""

    code = "grid_needs_new_code"
    zh = "网格“{name}”的编码 {place_code} 属于原社区，请在 supersede 中一并写明承继它的新网格"
    en = "the code {place_code} of grid '{name}' is its community's; supersede it by a new grid in the same deed"


class EffectiveInThePast(Invalid):
    """A merger or split takes effect today or later."""

    code = "effective_in_the_past"
    zh = "生效日 {day} 已过，应为今天（{today}）或以后"
    en = "{day} is past; it takes effect today ({today}) or later"


# ---- cases


class ReporterElsewhere(Forbidden):
    """Who looks after a place speaks for those who live there."""

    code = "reporter_elsewhere"
    zh = "{field}：反映人 {ref} 不住在您负责的范围内，您只能代本范围内的居民反映"
    en = "{field}: {ref} does not live in your place; you report for residents who do"


class CategoryUnknown(Invalid):
    """No such category of matters."""

    code = "category_unknown"
    zh = "没有类别 {category}。可用类别：{known}"
    en = "there is no category {category}; known: {known}"


class NumberUnknown(NotFound):
    """A spoken number that belongs to no case, or whose check digit is wrong."""

    code = "number_unknown"
    zh = "没有编号为 {ref} 的事项，请核对末位校验码"
    en = "no case has the number {ref}; check its last digit"


# ---- construction stewards


class StewardNotAsked(Invalid):
    """The building is not one of those that stewards were asked for."""

    code = "steward_not_asked"
    zh = "楼栋 {building_ref} 不在本次管家需求之内"
    en = "no steward was asked for building {building_ref}"


class StewardAlreadyThere(Conflict):
    """One steward per building and works."""

    code = "steward_already_there"
    zh = "楼栋 {building_ref} 已有施工楼栋管家"
    en = "building {building_ref} has a steward already"


# ---- staff and organisations


class OrganisationKindWrong(Invalid):
    """An organisation cannot stand under another of that kind."""

    code = "organisation_kind_wrong"
    zh = "{kind}不能设在{parent_kind}之下，上级可以是：{allowed}"
    en = "a {kind} cannot stand under a {parent_kind}; possible: {allowed}"


class OrganisationMisplaced(Invalid):
    """An organisation sits at a place of the kind that its own kind asks for, inside that of its parent."""

    code = "organisation_misplaced"
    zh = "{field}：{kind}应设在“{place}”（上级的范围之内）"
    en = "{field}: a {kind} sits at a {place}, inside the place of the one above it"


class OrganisationEndedAlready(Conflict):
    """Nothing new begins in an organisation that is no more."""

    code = "organisation_ended"
    zh = "“{name}”已于 {ended_on} 撤销，请改用现在的组织"
    en = "'{name}' ended on {ended_on}; use the organisation that is there now"


class OrganisationStillHolds(Conflict):
    """An organisation ends when nothing depends on it."""

    code = "organisation_still_holds"
    zh = "“{name}”还有 {under} 个下级组织、{in_hand} 件未结事项：请先撤销或改设下级组织，并把事项转交其上级或下级"
    en = "'{name}' has {under} organisations under it and {in_hand} open cases: end those and pass these on first"


class OrganisationElsewhere(Invalid):
    """An organisation takes up what lies where it works."""

    code = "organisation_elsewhere"
    zh = "事项不在“{name}”的范围之内，请选择当地的组织"
    en = "the case lies outside the place of '{name}'; choose an organisation that works there"


class OrganisationChosenByStaff(Forbidden):
    """Which organisation takes a case up is not the resident's to say."""

    code = "organisation_chosen_by_staff"
    zh = "{field}：由哪个组织承办，不由反映人指定；请去掉此项"
    en = "{field}: which organisation takes it up is not for who reports it to say; leave it out"


class PowersNotHeld(Invalid):
    """The powers of row 6 are those of party organisations."""

    code = "powers_not_held"
    zh = "{kind}没有“{power}”的职权；党组织才有"
    en = "a {kind} has no power to {power}; party organisations have"


class NobodyHasIt(Conflict):
    """A matter is passed on by the organisation that has it."""

    code = "nobody_has_it"
    zh = "还没有组织承办“{number}”：请先登记其所在网格、社区或街道的组织"
    en = "no organisation has '{number}' in hand: register the one of its grid, community or street first"


class NotAlongTheTree(Invalid):
    """Rows 7–9: up and down only along the tree."""

    code = "not_along_the_tree"
    zh = "“{holder}”只能逐级转交给上级或下级，可以是：{possible}"
    en = "'{holder}' passes on only to the one above it or to those below; possible: {possible}"


class CaptainsAreAppointed(Invalid):
    """Captains are a category of their own, filled by their appointment."""

    code = "captains_are_appointed"
    zh = "楼门长不在此登记，请按楼门选任；选任后自动计入网格力量"
    en = "captains are not registered as staff; appoint them at their door, and they are counted"


class StaffNeedsGrid(Invalid):
    """Row 12: nobody is at work without a grid."""

    code = "staff_needs_grid"
    zh = "{field}：“{name}”须至少编入一个网格"
    en = "{field}: '{name}' must be posted to at least one grid"


class StaffNumberTaken(Conflict):
    """A staff number is never given to another."""

    code = "staff_number_taken"
    zh = "工号 {staff_no} 已有人使用；离岗人员的工号也不再分配，返岗请用“返岗”"
    en = "the staff number {staff_no} is somebody's already; it is given to nobody else, and who returns resumes duty"


class SubjectTaken(Conflict):
    """One token, one person at work."""

    code = "subject_taken"
    zh = "账号 {subject} 已属于另一名在岗人员，请先核对账号"
    en = "the account {subject} is that of somebody else on duty; check it"


class PostingNeedsGrid(Invalid):
    """Staff are posted to grids."""

    code = "posting_needs_grid"
    zh = "“{name}”不是网格；人员编入网格"
    en = "'{name}' is no grid; staff are posted to grids"


class AlreadyPosted(Conflict):
    """Once per grid."""

    code = "already_posted"
    zh = "“{name}”已在“{grid}”"
    en = "'{name}' is posted to '{grid}' already"


class NotPosted(Invalid):
    """Nobody leaves where they are not."""

    code = "not_posted"
    zh = "“{name}”不在网格 {grid_ref}"
    en = "'{name}' is not posted to the grid {grid_ref}"


class LastPosting(Conflict):
    """Row 12: nobody is at work without a grid."""

    code = "last_posting"
    zh = "“{grid}”是“{name}”唯一的网格：请先编入另一个网格，或办理离岗、接替"
    en = (
        "'{grid}' is the only grid of '{name}': post them to another first, or end their duty or replace them"
    )


class SuccessorUnfit(Invalid):
    """A successor is another person of the same category, on duty."""

    code = "successor_unfit"
    zh = "“{name}”不能接替：接替人应是另一名在岗的{category}"
    en = "'{name}' cannot take over: the successor is somebody else of the same category ({category}) on duty"


class PairingNeedsLeader(Invalid):
    """A pairing is with residents' leaders."""

    code = "pairing_needs_leader"
    zh = "{field}：请至少选一名居民骨干"
    en = "{field}: name at least one residents' leader"


class LeaderElsewhere(Invalid):
    """Residents' leaders ask their own neighbours."""

    code = "leader_elsewhere"
    zh = "{field}：居民骨干 {ref} 不住在“{place}”，请选当地居民，或改选范围更大的场所"
    en = "{field}: {ref} does not live in '{place}'; choose somebody who does, or a wider place"


class WorkerMayNotPair(Invalid):
    """A pairing is with a community worker on duty."""

    code = "worker_may_not_pair"
    zh = "“{name}”不能结对：应是在岗的{possible}"
    en = "'{name}' cannot pair: it takes somebody on duty of the category {possible}"


class WorkerElsewhere(Invalid):
    """A worker pairs where it works."""

    code = "worker_elsewhere"
    zh = "“{name}”的网格不在“{place}”，请选在当地的人员，或先编入当地网格"
    en = "'{name}' has no grid in '{place}'; choose somebody who has, or post them there first"


# ---- captains


class CaptainNeedsDoor(Invalid):
    """A captain serves a door."""

    code = "captain_needs_door"
    zh = "“{name}”不是楼门；楼门长按楼门推选"
    en = "'{name}' is no door; a captain serves a door"


class CaptainLivesElsewhere(Invalid):
    """A captain of the residents lives in the building (row 57)."""

    code = "captain_lives_elsewhere"
    zh = "来源为“居民”的楼门长应住在本楼；此人不住在“{name}”所在的楼。物业、商户、银行、地产中介人员请选相应来源"
    en = (
        "a captain of origin 'resident' lives in the building, and this person does not live in that of '{name}'; "
        "for staff of companies, shops, banks and agencies choose their origin"
    )


class CaptainAlreadyThere(Conflict):
    """The same person once per door."""

    code = "captain_already_there"
    zh = "此人已是“{name}”的楼门长或人选"
    en = "this person is a captain of '{name}' already, or a candidate"


class DoorFull(Conflict):
    """At most two captains serve a door (row 56)."""

    code = "door_full"
    zh = "“{name}”已有{most}名楼门长在任，最多{most}名；请先办理其中一名的卸任"
    en = "'{name}' has {most} captains, which is the most; retire one of them first"


class CaptainHasRetired(Conflict):
    """Nothing more is written down about who has retired."""

    code = "captain_has_retired"
    zh = "该楼门长已于 {retired_on} 卸任；再次担任请重新推选"
    en = "this captain retired on {retired_on}; propose the person anew to serve again"


class CaptainNotServing(Conflict):
    """A duty is done by who serves."""

    code = "captain_not_serving"
    zh = "该楼门长 {day} 不在任，不能记录当日的履职"
    en = "this captain did not serve on {day}; no duty of that day can be logged"


class PointsOverdrawn(Conflict):
    """Nobody spends more points than there are."""

    code = "points_overdrawn"
    zh = "积分余额为 {balance}，不能扣减 {points}"
    en = "the balance is {balance} points; {points} cannot be taken off"


class RecordedAhead(Invalid):
    """What is recorded has happened."""

    code = "recorded_ahead"
    zh = "{field}：时间还没有到，只能记录已发生的事"
    en = "{field}: this lies ahead; only what has happened can be recorded"


class AnsweredBefore(Invalid):
    """An answer follows its question."""

    code = "answered_before"
    zh = "{field}：答复时间不能早于提出时间"
    en = "{field}: an answer cannot come before its question"


class DoorElsewhere(Invalid):
    """A steward answers for one building."""

    code = "door_elsewhere"
    zh = "“{name}”不在该管家负责的“{building}”"
    en = "'{name}' lies not in '{building}', for which the steward answers"


# ---- visits and patrols


# ---- points and shapes


class CoordinatesSwapped(Invalid):
    """Latitude first, as some maps say it; GeoJSON and we say longitude first."""

    code = "coordinates_swapped"
    zh = "经纬度写反了：经度写成了 {longitude}，纬度写成了 {latitude}。请先写经度、后写纬度（{bounds}）"
    en = "longitude {longitude} and latitude {latitude} are swapped; longitude comes first ({bounds})"


class PointOutside(Invalid):
    """No point of Beijing, or no degrees."""

    code = "point_outside"
    zh = "坐标（{longitude}，{latitude}）不在北京范围内，请用 WGS84 经纬度，以度为单位（{bounds}）"
    en = "({longitude}, {latitude}) is not in Beijing; use degrees of WGS84, longitude first ({bounds})"


class PointIncomplete(Invalid):
    """Half a point."""

    code = "point_incomplete"
    zh = "longitude 与 latitude 应同时填写"
    en = "give longitude and latitude together"


class NoGridAt(Invalid):
    """Gate G1: no matter without a grid."""

    code = "no_grid_at"
    zh = "坐标（{longitude}，{latitude}）不在任何网格内，请核对坐标，或用场所说明地点"
    en = "({longitude}, {latitude}) lies in no grid; check it, or say the place instead"


class WhereNotSaid(Invalid):
    """A matter is somewhere: at a place, or at a point."""

    code = "where_not_said"
    zh = "请用 place_ref 或用 longitude 和 latitude 说明地点，二者填其一"
    en = "say where by place_ref, or by longitude and latitude: one of the two"


class AddressNotSaid(Invalid):
    """Nothing to look for, or two things at once."""

    code = "address_not_said"
    zh = "请填 longitude 和 latitude，或填 address（可加 room），二者填其一"
    en = "give longitude and latitude, or an address (with a room, if you like): one of the two"


class RoomUnknown(Invalid):
    """No household there has that room."""

    code = "room_unknown"
    zh = "“{name}”内没有登记 {room}，请核对，或不填 room"
    en = "no room {room} is registered in '{name}'; check it, or leave it out"


class RoomAmbiguous(Invalid):
    """Behind several doors there is such a room."""

    code = "room_ambiguous"
    zh = "“{name}”内有多个 {room}：{doors}。请在 address 中写到楼门"
    en = "several doors of '{name}' have a room {room}: {doors}; name the door in the address"


class FeatureWrong(Invalid):
    """Not a feature of GeoJSON that names its grid."""

    code = "feature_wrong"
    zh = "应为 GeoJSON 的 Feature，properties.code 为网格编码，geometry 为图形"
    en = "must be a GeoJSON Feature with the grid's code in properties.code and a geometry"


class ReferenceSystemWrong(Invalid):
    """Coordinates of another system would put the grids elsewhere without anybody noticing."""

    code = "reference_system_wrong"
    zh = "坐标系 {name} 不适用，请转换为 WGS84 经纬度（CRS84、EPSG:4326 或 EPSG:4490）"
    en = "the reference system {name} will not do; convert to degrees of WGS84 (CRS84, EPSG:4326, EPSG:4490)"


class GeometryKindWrong(Invalid):
    """A grid is an area."""

    code = "geometry_kind_wrong"
    zh = "网格图形应为 Polygon 或 MultiPolygon，不是 {kind}"
    en = "a grid's shape is a Polygon or a MultiPolygon, not a {kind}"


class CoordinatesWrong(Invalid):
    """Not nested as GeoJSON nests them."""

    code = "coordinates_wrong"
    zh = "坐标有误：每个环应为至少4个 [经度，纬度]，均为数字"
    en = "wrong coordinates: each ring is a list of at least 4 [longitude, latitude], both numbers"


class RingOpen(Invalid):
    """A ring ends where it began."""

    code = "ring_open"
    zh = "环没有闭合：始于 {first}，止于 {last}，首尾应相同"
    en = "the ring is not closed: it begins at {first} and ends at {last}"


class ShapeInvalid(Invalid):
    """A shape that crosses itself, or whose holes lie outside."""

    code = "shape_invalid"
    zh = "图形无效：{reason}，位于 {where}"
    en = "the shape is invalid: {reason} at {where}"


class GridTwice(Invalid):
    """One shape for a grid; several parts make a MultiPolygon."""

    code = "grid_twice"
    zh = "网格 {grid_code} 在文件中出现了两次；由几块组成的网格请用 MultiPolygon"
    en = "the grid {grid_code} is there twice; one of several parts is a MultiPolygon"


class GridUnknown(Invalid):
    """Only what is registered as a grid has a shape."""

    code = "grid_unknown"
    zh = "没有编码为 {grid_code} 的网格，请先登记"
    en = "no grid has the code {grid_code}; register it first"


class ShapesOverlap(Invalid):
    """A spot of ground lies in one grid."""

    code = "shapes_overlap"
    zh = "网格 {grid_code} 与网格 {other} 重叠 {square_metres} 平方米"
    en = "the grids {grid_code} and {other} overlap by {square_metres} m²"


# ---- sheets


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


class PlaceLiesElsewhere(Conflict):
    """A sheet registers and corrects; it moves nothing."""

    code = "place_lies_elsewhere"
    zh = "{place_code} 已登记在“{parent}”之下；导入不迁移场所，请核对上级编码"
    en = "{place_code} is registered in '{parent}'; a sheet moves no place: check the code of what it lies in"


class PlaceIsOfAnotherKind(Conflict):
    """The code belongs to a place of another kind."""

    code = "place_is_of_another_kind"
    zh = "{place_code} 已登记为{kind}“{name}”，编码不可改作他用"
    en = "{place_code} is registered as the {kind} '{name}'; a code is never given to another"


class VisitInFuture(Invalid):
    """Nobody was there yet."""

    code = "visit_in_future"
    zh = "{field}：不能晚于现在，请核对手机时间"
    en = "{field}: must not lie in the future; check the phone's clock"


class VisitTooEarly(Invalid):
    """It was before the visit was asked for."""

    code = "visit_too_early"
    zh = "{field}：早于任务下达的时间；此前的走访请另建任务记录"
    en = "{field}: is before the visit was asked for; record an earlier one as a visit of its own"


class VisitNeedsDoor(Invalid):
    """A visit is made to a household or to a door."""

    code = "visit_needs_door"
    zh = "请写明户（household_ref）或楼门（door_ref）之一"
    en = "name either a household (household_ref) or a door (door_ref)"


class NotADoor(Invalid):
    """The place is another kind of place."""

    code = "not_a_door"
    zh = "{field}：“{name}”不是楼门"
    en = "{field}: '{name}' is no door"


class RecordIdTaken(Conflict):
    """The id that the phone has made stands for something else already."""

    code = "record_id_taken"
    zh = "编号 {ref} 已用于另一条记录；内容有改动时请换一个新编号"
    en = "the id {ref} belongs to another record; what differs needs an id of its own"


class PatrolNeedsGrid(Invalid):
    """A patrol is made in a grid."""

    code = "patrol_needs_grid"
    zh = "{field}：“{name}”不是网格；巡查在一个网格内进行"
    en = "{field}: '{name}' is no grid; a patrol is made in one"


class PatrolUnderWay(Conflict):
    """One person is out on one patrol."""

    code = "patrol_under_way"
    zh = "您在“{grid}”的巡查（{ref}）尚未结束，请先结束"
    en = "your patrol {ref} in '{grid}' is still under way; end it first"


class PatrolOfAnother(Forbidden):
    """Nobody checks in for somebody else."""

    code = "patrol_of_another"
    zh = "这是他人的巡查；请开始自己的巡查"
    en = "this is another person's patrol; begin one of your own"


class CheckInElsewhere(Invalid):
    """A place outside the grid that is patrolled."""

    code = "check_in_elsewhere"
    zh = "{field}：“{name}”不在“{grid}”内；请选择本网格内的场所，或结束本次巡查，到该场所所在的网格另行开始"
    en = "{field}: '{name}' is not in '{grid}'; choose a place of this grid, or end the patrol and begin one there"


class CheckInOutsideTime(Invalid):
    """It was before the patrol began, after it ended, or is not yet."""

    code = "check_in_outside_time"
    zh = "{field}：不在本次巡查的起止时间之内，请核对手机时间"
    en = "{field}: is not between the beginning and the end of the patrol; check the phone's clock"


class NoStreetYet(Invalid):
    """Who acts for the whole street asks before it is registered."""

    code = "no_street_yet"
    zh = "{field}：街道尚未登记，请先登记场所"
    en = "{field}: the street is not registered yet; register its places first"


class PhotographUnknown(Invalid):
    """The photograph was not uploaded."""

    code = "photograph_unknown"
    zh = "{field}：附件 {refs} 不存在或不是照片，请先上传"
    en = "{field}: {refs} is no photograph that was uploaded; upload it first"
