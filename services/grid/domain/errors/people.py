"""What is refused of organisations (组织), staff (网格力量) and pairings (结对)."""

from __future__ import annotations

from shared.kernel.errors import Conflict, Forbidden, Invalid


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


class StaffNumberOfAnother(Conflict):
    """A number is never given to another."""

    code = "staff_number_of_another"
    zh = "工号 {staff_no} 属于{category}“{name}”，工号不可改作他用，请用新的工号"
    en = "the number {staff_no} is that of '{name}' ({category}); it is never given to another: use a new one"


class OrganisationSitsElsewhere(Conflict):
    """A sheet registers and corrects; it moves nothing."""

    code = "organisation_sits_elsewhere"
    zh = "“{name}”已登记在另一场所；导入不迁移组织，请核对场所编码"
    en = "'{name}' is registered at another place; a sheet moves nothing: check the code of the place"


class OrganisationAmbiguous(Conflict):
    """A sheet knows organisations by kind and name."""

    code = "organisation_ambiguous"
    zh = "有 {count} 个名为“{name}”的组织，请先更名加以区分"
    en = "there are {count} organisations called '{name}'; rename them first"


class SubjectTaken(Conflict):
    """One token, one person at work."""

    code = "subject_taken"
    zh = "账号 {subject} 已属于另一名在岗人员，请先核对账号"
    en = "the account {subject} is that of somebody else on duty; check it"


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
