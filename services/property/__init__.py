"""property 物业与产权单位: who must do what, who pays, and a loop that does not close before it is good enough."""
